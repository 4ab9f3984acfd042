import { notifications } from '@mantine/notifications';

/** A short word that something was done; announced politely. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'seal', withBorder: true, autoClose: 5000, role: 'status' });
}
