import { useMutation } from '@apollo/client/react';
import { useTranslation } from 'react-i18next';
import type { LogAlarmPartsFragment } from '../../gql/graphql';
import { notifyDone } from '../../ui/notify';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { AcknowledgeLogAlarm } from './documents';
import { alarmTitle } from './alarm-title';

interface Props {
  /** Null while nobody asks. */
  alarm: LogAlarmPartsFragment | null;
  onClose: () => void;
}

/** Asks what is done about an alarm; the answer goes into the log. */
export function AcknowledgeAlarm({ alarm, onClose }: Props) {
  const { t } = useTranslation();
  const [acknowledge] = useMutation(AcknowledgeLogAlarm);
  return (
    <ReasonDialog
      opened={alarm !== null}
      title={t('alarm.dialog')}
      text={alarm ? t('alarm.dialogText', { alarm: alarmTitle(alarm, t) }) : ''}
      reasonLabel={t('alarm.note')}
      confirmLabel={t('alarm.confirm')}
      onClose={onClose}
      onConfirm={async (note) => {
        await acknowledge({ variables: { input: { id: alarm!.id, note } } });
        notifyDone(t('alarm.done'));
        document.getElementById('content')?.focus(); // the button that opened this is gone
      }}
    />
  );
}
