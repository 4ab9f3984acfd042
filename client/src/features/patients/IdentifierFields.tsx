import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FormSection } from '../../ui/FormSection';
import { ListEditor } from '../../ui/ListEditor';
import type { EditForm } from '../../ui/use-edit-form';
import type { PatientValues } from './patient-values';

/** Numbers by which other systems know the patient. */
export function IdentifierFields({ edit }: { edit: EditForm<PatientValues> }) {
  const { t } = useTranslation();
  const { field, form } = edit;
  return (
    <FormSection title={t('patient.identifiers')} grid={false}>
      <ListEditor
        itemName={t('patientForm.identifier')}
        addLabel={t('patientForm.addIdentifier')}
        emptyText={t('patient.noIdentifiers')}
        items={form.values.identifiers}
        onAdd={() => form.insertListItem('identifiers', { system: '', value: '' })}
        onRemove={(place) => form.removeListItem('identifiers', place)}
        render={(place) => (
          <>
            <TextInput label={t('patientForm.system')} required {...field(`identifiers.${place}.system`)} />
            <TextInput label={t('patientForm.value')} required {...field(`identifiers.${place}.value`)} />
          </>
        )}
      />
    </FormSection>
  );
}
