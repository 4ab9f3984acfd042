import { useMutation } from '@apollo/client/react';
import { Button, Paper, Select, SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { PatientTreatmentsQuery, TreatmentStatus } from '../../gql/graphql';
import { FormFrame } from '../../ui/FormFrame';
import { LeaveDialog } from '../../ui/LeaveDialog';
import { notifyDone } from '../../ui/notify';
import { useEditForm } from '../../ui/use-edit-form';
import { usePatient } from '../patients/patient-context';
import { PatientTreatments, UpdateTreatment } from './documents';
import { treatmentDraft } from './writing';

const statuses: TreatmentStatus[] = ['PLANNED', 'ONGOING', 'COMPLETED', 'STOPPED'];
const schema = z.object({ text: z.string().trim().min(1, 'required').max(20_000, 'tooLong') });

interface Values extends Record<string, unknown> {
  text: string;
  status: TreatmentStatus;
}

interface Props {
  previous?: PatientTreatmentsQuery['treatmentUpdates']['edges'][number]['node'] | undefined;
  /** Saved, or given up. */
  onDone: () => void;
}

/** Previous text beside the new one, so that nothing gets lost between two shifts. */
export function TreatmentForm({ previous, onDone }: Props) {
  const { t } = useTranslation();
  const patient = usePatient();
  const [key] = useState(() => crypto.randomUUID());
  const [givingUp, setGivingUp] = useState(false);
  const text = useRef<HTMLTextAreaElement>(null);
  useEffect(() => text.current?.focus(), []);
  const [record] = useMutation(UpdateTreatment, { refetchQueries: [PatientTreatments], awaitRefetchQueries: true });
  const edit = useEditForm<Values>({
    draftKey: treatmentDraft(patient.id),
    initial: { text: '', status: 'ONGOING' },
    schema,
    submit: async ({ text, status }) => {
      await record({
        variables: { input: { patientId: patient.id, text: text.trim(), status, idempotencyKey: key } },
        update: (cache) => {
          cache.evict({ id: cache.identify({ __typename: 'Patient', id: patient.id }), fieldName: 'treatmentUpdates' });
        },
      });
      notifyDone(t('treatment.saved'));
      onDone();
    },
  });

  const giveUp = () => {
    edit.release();
    onDone();
  };
  const cancel = () => (edit.form.isDirty() || edit.restored ? setGivingUp(true) : giveUp());
  return (
    <Paper p="md" bg="var(--chartseal-surface)">
      <FormFrame edit={edit} label={t('treatment.new')} saveLabel={t('treatment.save')} onCancel={cancel}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <div>
            <Title order={2} fz="sm" mb={4}>
              {t('treatment.previous')}
            </Title>
            <Text size="sm" className="written" c={previous ? undefined : 'dimmed'}>
              {previous?.text ?? t('treatment.none')}
            </Text>
            {previous ? (
              <Button
                mt="xs"
                size="compact-sm"
                variant="default"
                onClick={() => edit.form.setFieldValue('text', previous.text)}
              >
                {t('treatment.takeOver')}
              </Button>
            ) : null}
          </div>
          <Stack gap="sm">
            <Textarea label={t('treatment.text')} required autosize minRows={4} ref={text} {...edit.field('text')} />
            <Select
              label={t('treatment.status')}
              data={statuses.map((status) => ({ value: status, label: t(`treatmentStatus.${status}`) }))}
              allowDeselect={false}
              {...edit.field('status')}
            />
          </Stack>
        </SimpleGrid>
      </FormFrame>
      {givingUp ? <LeaveDialog onStay={() => setGivingUp(false)} onLeave={giveUp} /> : null}
    </Paper>
  );
}
