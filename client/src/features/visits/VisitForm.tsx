import { useQuery } from '@apollo/client/react';
import { Select, TextInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MomentField } from '../../ui/DateField';
import { FormFrame } from '../../ui/FormFrame';
import { FormSection } from '../../ui/FormSection';
import type { EditForm } from '../../ui/use-edit-form';
import { StaffForVisit } from './documents';
import { visitStatuses, visitTypes, type VisitValues } from './visit-values';
import { VitalsFields } from './VitalsFields';

interface Props {
  edit: EditForm<VisitValues>;
  label: string;
  onCancel: () => void;
}

export function VisitForm({ edit, label, onCancel }: Props) {
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
  return (
    <FormFrame edit={edit} label={label} saveLabel={t('visit.save')} onCancel={onCancel}>
      <FormSection title={t('visit.when')}>
        <Select
          label={t('visit.type')}
          data={visitTypes.map((type) => ({ value: type, label: t(`visitType.${type}`) }))}
          allowDeselect={false}
          {...field('type')}
        />
        <Select
          label={t('visit.status')}
          data={visitStatuses.map((status) => ({ value: status, label: t(`visitStatus.${status}`) }))}
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
        <TextInput className="wide-field" label={t('visit.reason')} autoComplete="off" {...field('reason')} />
        <Textarea className="wide-field" label={t('visit.notes')} autosize minRows={4} {...field('notes')} />
        <Textarea className="wide-field" label={t('patient.diagnosis')} autosize minRows={2} {...field('diagnosis')} />
      </FormSection>
      <VitalsFields edit={edit} />
    </FormFrame>
  );
}
