import { Select, TextInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AllergySeverity, MedicationStatus, ProblemStatus } from '../../gql/graphql';
import { DateField } from '../../ui/DateField';
import { localDay } from '../../ui/format';
import { FormSection } from '../../ui/FormSection';
import { ListEditor } from '../../ui/ListEditor';
import type { EditForm } from '../../ui/use-edit-form';
import type { PatientValues } from './patient-values';

const severities: AllergySeverity[] = ['MILD', 'MODERATE', 'SEVERE', 'UNKNOWN'];
const problemStates: ProblemStatus[] = ['ACTIVE', 'INACTIVE', 'RESOLVED'];
const medicationStates: MedicationStatus[] = ['ACTIVE', 'ON_HOLD', 'STOPPED', 'COMPLETED', 'UNKNOWN'];

/** Allergies, problems, medications and clinical texts. */
export function ClinicalFields({ edit, withTreatment }: { edit: EditForm<PatientValues>; withTreatment: boolean }) {
  const { t } = useTranslation();
  const { field, form } = edit;
  return (
    <>
      <FormSection title={t('patient.allergies')} grid={false}>
        <ListEditor
          itemName={t('patientForm.allergy')}
          addLabel={t('patientForm.addAllergy')}
          emptyText={t('patient.noAllergies')}
          items={form.values.allergies}
          onAdd={() => form.insertListItem('allergies', { substance: '', reaction: '', severity: 'UNKNOWN' })}
          onRemove={(place) => form.removeListItem('allergies', place)}
          render={(place) => (
            <>
              <TextInput label={t('patientForm.substance')} required {...field(`allergies.${place}.substance`)} />
              <TextInput label={t('patientForm.reaction')} {...field(`allergies.${place}.reaction`)} />
              <Select
                label={t('patientForm.severity')}
                data={severities.map((one) => ({ value: one, label: t(`severity.${one}`) }))}
                allowDeselect={false}
                {...field(`allergies.${place}.severity`)}
              />
            </>
          )}
        />
      </FormSection>
      <FormSection title={t('patient.problems')} grid={false}>
        <ListEditor
          itemName={t('patientForm.problem')}
          addLabel={t('patientForm.addProblem')}
          emptyText={t('patient.noProblems')}
          items={form.values.problems}
          onAdd={() =>
            form.insertListItem('problems', { text: '', code: '', system: '', onset: null, status: 'ACTIVE' })
          }
          onRemove={(place) => form.removeListItem('problems', place)}
          render={(place) => (
            <>
              <TextInput label={t('patientForm.problem')} required {...field(`problems.${place}.text`)} />
              <TextInput label={t('patientForm.code')} {...field(`problems.${place}.code`)} />
              <DateField
                id={field(`problems.${place}.onset`).id}
                label={t('patientForm.onset')}
                maxDate={localDay()}
                value={form.values.problems[place]?.onset ?? null}
                onChange={(onset) => form.setFieldValue(`problems.${place}.onset`, onset)}
                error={form.errors[`problems.${place}.onset`]}
              />
              <Select
                label={t('patientForm.status')}
                data={problemStates.map((one) => ({ value: one, label: t(`problemStatus.${one}`) }))}
                allowDeselect={false}
                {...field(`problems.${place}.status`)}
              />
            </>
          )}
        />
      </FormSection>
      <FormSection title={t('patient.medications')} grid={false}>
        <ListEditor
          itemName={t('patientForm.medication')}
          addLabel={t('patientForm.addMedication')}
          emptyText={t('patient.noMedications')}
          items={form.values.medications}
          onAdd={() => form.insertListItem('medications', { text: '', dose: '', status: 'ACTIVE' })}
          onRemove={(place) => form.removeListItem('medications', place)}
          render={(place) => (
            <>
              <TextInput label={t('patientForm.medication')} required {...field(`medications.${place}.text`)} />
              <TextInput label={t('patientForm.dose')} {...field(`medications.${place}.dose`)} />
              <Select
                label={t('patientForm.status')}
                data={medicationStates.map((one) => ({ value: one, label: t(`medicationStatus.${one}`) }))}
                allowDeselect={false}
                {...field(`medications.${place}.status`)}
              />
            </>
          )}
        />
      </FormSection>
      <FormSection title={t('patientForm.texts')}>
        <Textarea className="wide-field" label={t('patient.diagnosis')} autosize minRows={2} {...field('diagnosis')} />
        {withTreatment ? (
          <Textarea
            className="wide-field"
            label={t('patient.treatment')}
            autosize
            minRows={2}
            {...field('treatment')}
          />
        ) : null}
        <Textarea
          className="wide-field"
          label={t('patient.history')}
          autosize
          minRows={3}
          {...field('medicalHistory')}
        />
      </FormSection>
    </>
  );
}
