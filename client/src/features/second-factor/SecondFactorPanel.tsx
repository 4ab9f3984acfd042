import { useMutation, useQuery } from '@apollo/client/react';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import { FaultNotice } from '../../ui/FaultNotice';
import { notifyDone } from '../../ui/notify';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Panel } from '../../ui/Panel';
import { MySecondFactor, RemoveTotp, RenewRecoveryCodes } from './documents';
import { AddPasskey } from './AddPasskey';
import { EnrolApp } from './EnrolApp';
import { PasskeyList } from './PasskeyList';
import { RecoveryCodes } from './RecoveryCodes';

type Task = 'app' | 'passkey' | null;

/** One's own second factors: authenticator app, passkeys, recovery codes. */
export function SecondFactorPanel() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(MySecondFactor, { fetchPolicy: 'network-only' });
  const [remove, { error: notRemoved }] = useMutation(RemoveTotp);
  const [renew, { error: notRenewed }] = useMutation(RenewRecoveryCodes, { fetchPolicy: 'no-cache' });
  const [task, setTask] = useState<Task>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const factor = data?.me?.secondFactor;
  const fault = error ?? notRemoved ?? notRenewed;

  const added = (made: readonly string[] | null) => {
    setTask(null);
    setCodes(made);
    notifyDone(t('factor.done'));
    void refetch();
  };
  const removeApp = async () => {
    await remove();
    notifyDone(t('factor.removed'));
    await refetch();
  };
  const renewCodes = async () => {
    setCodes((await renew()).data?.renewRecoveryCodes.recoveryCodes ?? null);
    await refetch();
  };

  return (
    <Panel title={t('factor.title')}>
      {fault ? <FaultNotice error={fault} onRetry={() => void refetch()} /> : null}
      {!factor && !error ? <RowsSkeleton rows={3} height={40} /> : null}
      {factor ? (
        <Stack gap="md">
          {!factor.totp && factor.passkeys.length === 0 ? <Text size="sm">{t('factor.none')}</Text> : null}
          <Group justify="space-between" gap="sm">
            <Group gap="xs">
              <Text size="sm">{t('factor.app')}</Text>
              <Badge color={factor.totp ? 'seal' : 'gray'}>{factor.totp ? t('factor.on') : t('factor.off')}</Badge>
            </Group>
            <Group gap="xs">
              <Button size="compact-sm" mih={28} variant="default" onClick={() => setTask('app')}>
                {factor.totp ? t('factor.replace') : t('factor.setUp')}
              </Button>
              {factor.totp ? (
                <Button
                  size="compact-sm"
                  mih={28}
                  variant="default"
                  onClick={() => void removeApp().catch(() => undefined)}
                >
                  {t('factor.remove')}
                </Button>
              ) : null}
            </Group>
          </Group>
          <PasskeyList passkeys={factor.passkeys} onAdd={() => setTask('passkey')} onChanged={() => void refetch()} />
          {factor.totp || factor.passkeys.length > 0 ? (
            <Group justify="space-between" gap="sm">
              <Text size="sm">{t('recovery.left', { count: factor.recoveryCodesLeft })}</Text>
              <Button
                size="compact-sm"
                mih={28}
                variant="default"
                onClick={() => void renewCodes().catch(() => undefined)}
              >
                {t('recovery.renew')}
              </Button>
            </Group>
          ) : null}
        </Stack>
      ) : null}
      <Dialog
        opened={task !== null}
        onClose={() => setTask(null)}
        title={task === 'passkey' ? t('passkey.add') : t('factor.enrolApp')}
      >
        {task === 'app' ? <EnrolApp onEnrolled={added} onCancel={() => setTask(null)} /> : null}
        {task === 'passkey' ? <AddPasskey onAdded={added} onCancel={() => setTask(null)} /> : null}
      </Dialog>
      <Dialog
        opened={codes !== null}
        // Only by its button: a click beside it would lose them.
        onClose={() => undefined}
        withCloseButton={false}
        title={t('recovery.heading')}
      >
        {codes ? <RecoveryCodes codes={codes} onDone={() => setCodes(null)} /> : null}
      </Dialog>
    </Panel>
  );
}
