import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf } from '../session/fault';

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** Who or what helps meanwhile. */
  help?: string;
  /** In a form: it is far from the button that was pressed, which has been switched off meanwhile and lost the focus. */
  takeFocus?: boolean;
}

/** A failed request, said so that somebody can act on it: what, what next, and the id to quote. */
export function FaultNotice({ error, onRetry, help, takeFocus = false }: Props) {
  const { t } = useTranslation();
  const fault = faultOf(error);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takeFocus) box.current?.focus();
  }, [takeFocus]);
  const Icon =
    fault.code === 'FORBIDDEN' ? IconLock : fault.code === 'OFFLINE' ? IconPlugConnectedX : IconAlertTriangle;
  // Faults of fields that are not on the screen: the server's own words then.
  const said = fault.fields.map((field) => field.message).join(' ');
  const minutes = Math.ceil((fault.retryAfterSeconds ?? 60) / 60);
  return (
    <Alert
      ref={box}
      tabIndex={takeFocus ? -1 : undefined}
      color="orange"
      variant="light"
      icon={<Icon aria-hidden />}
      title={t(`fault.title.${fault.code}`)}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{said || t(`fault.text.${fault.code}`, { count: minutes })}</Text>
        {help ? <Text size="sm">{help}</Text> : null}
        <Group gap="sm">
          {onRetry ? (
            <Button size="xs" variant="default" onClick={onRetry}>
              {t('common.retry')}
            </Button>
          ) : null}
          {fault.requestId ? (
            <Text size="xs">
              {t('fault.requestId')} <Code>{fault.requestId}</Code>
            </Text>
          ) : null}
        </Group>
      </Stack>
    </Alert>
  );
}
