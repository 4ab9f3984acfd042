import { Select, Switch, TextInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Gender } from '../../gql/graphql';
import { useMay } from '../../session/use-session';
import { DateField, MomentField } from '../../ui/DateField';
import { localDay } from '../../ui/format';
import { FormFrame } from '../../ui/FormFrame';
import { FormSection } from '../../ui/FormSection';
import type { EditForm } from '../../ui/use-edit-form';
import { ClinicalFields } from './ClinicalFields';
import { IdentifierFields } from './IdentifierFields';
import type { PatientValues } from './patient-values';

const genders: Gender[] = ['FEMALE', 'MALE', 'OTHER', 'UNKNOWN'];

interface Props {
  edit: EditForm<PatientValues>;
  kind: 'register' | 'edit';
  onCancel: () => void;
}

/** All fields of a patient; the clinical ones only for those who may write them. */
export function PatientForm({ edit, kind, onCancel }: Props) {
  const { t } = useTranslation();
  const mayWriteClinical = useMay('CLINICAL_WRITE');
  const { field, form } = edit;
  const title = kind === 'register' ? t('patients.register') : t('patient.edit');
  return (
    <FormFrame
      edit={edit}
      label={title}
      saveLabel={kind === 'register' ? t('patientForm.register') : t('common.save')}
      onCancel={onCancel}
    >
      <FormSection title={t('patientForm.person')}>
        <TextInput label={t('patientForm.family')} required autoComplete="off" {...field('name.family')} />
        <TextInput label={t('patientForm.given')} autoComplete="off" {...field('name.given')} />
        <TextInput label={t('patientForm.prefix')} autoComplete="off" {...field('name.prefix')} />
        <DateField label={t('patientForm.birthDate')} maxDate={localDay()} {...dateField(edit, 'birthDate')} />
        <Select
          label={t('patient.gender')}
          data={genders.map((gender) => ({ value: gender, label: t(`gender.${gender}`) }))}
          allowDeselect={false}
          {...field('gender')}
        />
        <TextInput
          label={t('patientForm.mrn')}
          description={kind === 'register' ? t('patientForm.mrnHint') : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          autoComplete="off"
          {...field('mrn')}
        />
      </FormSection>
      <FormSection title={t('patientForm.contact')}>
        <TextInput label={t('patientForm.phone')} type="tel" autoComplete="off" {...field('phone')} />
        <TextInput label={t('patientForm.email')} type="email" autoComplete="off" {...field('email')} />
        <Textarea
          label={t('patientForm.street')}
          autosize
          minRows={1}
          maxRows={4}
          autoComplete="off"
          {...field('address.line')}
        />
        <TextInput label={t('patientForm.city')} autoComplete="off" {...field('address.city')} />
        <TextInput label={t('patientForm.state')} autoComplete="off" {...field('address.state')} />
        <TextInput label={t('patientForm.postalCode')} autoComplete="off" {...field('address.postalCode')} />
        <TextInput label={t('patientForm.country')} autoComplete="off" {...field('address.country')} />
      </FormSection>
      <FormSection title={t('patientForm.emergency')}>
        <TextInput label={t('patientForm.contactName')} autoComplete="off" {...field('emergencyContact.name')} />
        <TextInput
          label={t('patientForm.relationship')}
          autoComplete="off"
          {...field('emergencyContact.relationship')}
        />
        <TextInput
          label={t('patientForm.contactPhone')}
          type="tel"
          autoComplete="off"
          {...field('emergencyContact.phone')}
        />
      </FormSection>
      {mayWriteClinical ? <ClinicalFields edit={edit} withTreatment={kind === 'register'} /> : null}
      <IdentifierFields edit={edit} />
      {kind === 'edit' ? (
        <FormSection title={t('patientForm.death')}>
          <Switch label={t('patientForm.deceased')} {...field('deceased', { type: 'checkbox' })} />
          {form.values.deceased ? (
            <MomentField
              label={t('patientForm.deceasedAt')}
              required
              maxDate={localDay()}
              {...dateField(edit, 'deceasedAt')}
            />
          ) : null}
        </FormSection>
      ) : null}
    </FormFrame>
  );
}

function dateField(edit: EditForm<PatientValues>, path: 'birthDate' | 'deceasedAt') {
  return {
    id: edit.field(path).id,
    value: (edit.form.values[path] ?? '') as string,
    error: edit.form.errors[path],
    onChange: (value: string | null) => edit.form.setFieldValue(path, value ?? (path === 'birthDate' ? null : '')),
  };
}
