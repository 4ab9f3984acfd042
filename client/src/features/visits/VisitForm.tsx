import { useQuery } from '@apollo/client/react';
import { Select, SimpleGrid, Text, TextInput, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MomentField } from '../../ui/DateField';
import { FormFrame } from '../../ui/FormFrame';
import { FormSection } from '../../ui/FormSection';
import type { EditForm } from '../../ui/use-edit-form';
import { StaffForVisit } from './documents';
import { isOpen, visitStatuses, visitTypes, type VisitValues } from './visit-values';
import { VitalsFields } from './VitalsFields';

interface Props {
  edit: EditForm<VisitValues>;
  label: string;
  onCancel: () => void;
}

export function VisitForm({ edit, label, onCancel }: Props) {
  const { t } = useTranslation();
  return (
    <FormFrame edit={edit} label={label} saveLabel={t('visit.save')} onCancel={onCancel}>
      <VisitFields edit={edit} />
    </FormFrame>
  );
}

/** @param previous what a closed visit says: shown beside what it shall say, and it stays closed */
export function VisitFields({ edit, previous }: { edit: EditForm<VisitValues>; previous?: VisitValues }) {
  const { t } = useTranslation();
  const { data } = useQuery(StaffForVisit, { fetchPolicy: 'cache-first' });
  const { field, form } = edit;
  const attending = (data?.staff ?? []).filter((person) => person.role === 'DOCTOR' || person.role === 'CLINICIAN');
  const moment = (path: 'startedAt' | 'endedAt') => ({
    id: field(path).id,
    value: form.values[path],
    error: form.errors[path],
    onChange: (value: string) => form.setFieldValue(path, value),
  });
  const statuses = previous ? visitStatuses.filter((status) => !isOpen(status)) : visitStatuses;
  const beside = (path: 'reason' | 'notes' | 'diagnosis', label: string, input: ReactNode) =>
    previous ? <Beside label={label} previous={previous[path]} input={input} /> : input;
  return (
    <>
      <FormSection title={t('visit.when')}>
        <Select
          label={t('visit.type')}
          data={visitTypes.map((type) => ({ value: type, label: t(`visitType.${type}`) }))}
          allowDeselect={false}
          {...field('type')}
        />
        <Select
          label={t('visit.status')}
          data={statuses.map((status) => ({ value: status, label: t(`visitStatus.${status}`) }))}
          allowDeselect={false}
          {...field('status')}
        />
        <Select
          label={t('visit.attending')}
          data={attending.map((person) => ({
            value: person.id,
            label: `${person.name} · ${t(`role.${person.role}`)}`,
          }))}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('visit.clearAttending') }}
          nothingFoundMessage={t('careTeam.nobody')}
          {...field('attendingId')}
        />
        <MomentField label={t('visit.startedAt')} required {...moment('startedAt')} />
        <MomentField label={t('visit.endedAt')} {...moment('endedAt')} />
      </FormSection>
      <FormSection title={t('visit.findings')}>
        {beside(
          'reason',
          t('visit.reason'),
          <TextInput className="wide-field" label={t('visit.reason')} autoComplete="off" {...field('reason')} />,
        )}
        {beside(
          'notes',
          t('visit.notes'),
          <Textarea className="wide-field" label={t('visit.notes')} autosize minRows={4} {...field('notes')} />,
        )}
        {beside(
          'diagnosis',
          t('patient.diagnosis'),
          <Textarea
            className="wide-field"
            label={t('patient.diagnosis')}
            autosize
            minRows={2}
            {...field('diagnosis')}
          />,
        )}
      </FormSection>
      <VitalsFields edit={edit} previous={previous?.vitals} />
    </>
  );
}

/** What a field says, left of what it shall say. */
function Beside({ label, previous, input }: { label: string; previous: string; input: ReactNode }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid className="wide-field" cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing={4}>
      <div>
        <Text size="sm" c="dimmed">
          {t('visit.untilNow', { label })}
        </Text>
        <Text size="sm" className="written" fs={previous ? undefined : 'italic'}>
          {previous || t('common.notRecorded')}
        </Text>
      </div>
      {input}
    </SimpleGrid>
  );
}
