import { useApolloClient, useMutation } from '@apollo/client/react';
import { Alert, Button, Group, Stack, Textarea } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { MergePreviewQuery, PatientField } from '../../gql/graphql';
import { faultOf, type Fault } from '../../session/fault';
import { FaultNotice } from '../../ui/FaultNotice';
import { LeaveDialog } from '../../ui/LeaveDialog';
import { notifyDone } from '../../ui/notify';
import { Panel } from '../../ui/Panel';
import { useLeaving } from '../../ui/use-leaving';
import { fromPatient } from '../patients/patient-values';
import { MergePatients } from './documents';
import { FieldChoice } from './FieldChoice';
import { takenAtFirst } from './merge-fields';
import { RecordCards, United } from './RecordCards';

interface Props {
  preview: MergePreviewQuery['mergePreview'];
  /** One of the records was changed meanwhile: both are to be shown anew. */
  onStale: () => void;
}

/** What is chosen field by field, why, and the merge itself. */
export function MergeForm({ preview, onStale }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useApolloClient();
  const { keep, merge, differing } = preview;
  const [kept, duplicate] = [fromPatient(keep), fromPatient(merge)];
  const [take, setTake] = useState<PatientField[]>(() => takenAtFirst(differing, kept, duplicate, t));
  const [chosen, setChosen] = useState(false);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [send, { loading }] = useMutation(MergePatients);
  const released = useRef(false);
  const release = () => {
    released.current = true;
  };
  const leaving = useLeaving(() => (chosen || reason.trim() !== '') && !released.current, release);

  const submit = async () => {
    if (reason.trim().length < 3) return setMissing(true);
    setFault(null);
    try {
      const versions = { keepVersion: keep.version, mergeVersion: merge.version };
      const input = { keepId: keep.id, mergeId: merge.id, ...versions, take, reason: reason.trim() };
      await send({ variables: { input } });
    } catch (error) {
      const failed = faultOf(error);
      setFault(failed);
      if (failed.code === 'CONFLICT') onStale();
      return;
    }
    release();
    client.cache.evict({ id: client.cache.identify({ __typename: 'Patient', id: merge.id }) });
    client.cache.gc();
    notifyDone(t('merge.done'));
    await client.refetchQueries({ include: ['PatientRecord'] });
    await navigate({ to: '/patients/$patientId', params: { patientId: keep.id } });
  };

  const cancel = () => void navigate({ to: '/patients/$patientId', params: { patientId: keep.id } });
  const onKeyDown = (event: KeyboardEvent) => {
    // React hands up what is typed in a dialog above the form, too.
    if (!event.currentTarget.contains(event.target as Node)) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void submit();
    }
    if (event.key === 'Escape' && !event.defaultPrevented && !loading) cancel();
  };

  return (
    <form
      noValidate
      aria-label={t('merge.title')}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack>
        <RecordCards preview={preview} />
        <Panel title={t('merge.differ')}>
          {differing.length === 0 ? t('merge.same') : null}
          <Stack gap="md">
            {differing.map((field) => (
              <FieldChoice
                key={field}
                field={field}
                kept={{ values: kept, mrn: keep.mrn }}
                duplicate={{ values: duplicate, mrn: merge.mrn }}
                taken={take.includes(field)}
                onTake={(taken) => {
                  setTake(taken ? [...take, field] : take.filter((other) => other !== field));
                  setChosen(true);
                }}
              />
            ))}
          </Stack>
        </Panel>
        <United duplicate={duplicate} mrn={merge.mrn} />
        <Alert color="blue" icon={<IconInfoCircle aria-hidden />} title={t('merge.whatHappens')}>
          {t('merge.happens', { mrn: merge.mrn })}
        </Alert>
        <Textarea
          label={t('form.reason')}
          description={t('merge.reasonHint')}
          required
          autosize
          minRows={2}
          maxLength={1000}
          value={reason}
          error={missing ? t('validation.reason') : undefined}
          onChange={(event) => {
            setReason(event.currentTarget.value);
            setMissing(false);
          }}
        />
        {fault ? <FaultNotice error={fault} takeFocus /> : null}
        {leaving ? <LeaveDialog onStay={leaving.stay} onLeave={leaving.leave} /> : null}
        <Group gap="sm">
          <Button type="submit" loading={loading}>
            {t('merge.confirm')}
          </Button>
          <Button variant="default" onClick={cancel} disabled={loading}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
