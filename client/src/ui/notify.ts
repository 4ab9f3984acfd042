import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { faultOf } from '../session/fault';

/** A short word that something was done; announced politely. */
export function notifyDone(message: string): void {
  notifications.show({
    message,
    color: 'seal',
    withBorder: true,
    autoClose: 5000,
    role: 'status',
    closeButtonProps: closing(),
  });
}

/** An action without a form of its own failed: what and why, until it is read. */
export function notifyFault(error: unknown): void {
  const { code } = faultOf(error);
  notifications.show({
    title: i18next.t(`fault.title.${code}`),
    message: i18next.t(`fault.text.${code}`, { count: 1 }),
    color: 'orange',
    withBorder: true,
    autoClose: false,
    role: 'alert',
    closeButtonProps: closing(),
  });
}

function closing() {
  return { 'aria-label': i18next.t('common.close') };
}
