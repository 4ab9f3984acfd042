import { Paper, Radio, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PatientField } from '../../gql/graphql';
import type { PatientValues } from '../patients/patient-values';
import { fieldLabel, fieldText } from './merge-fields';

interface Side {
  values: PatientValues;
  mrn: string;
}

interface Props {
  field: PatientField;
  kept: Side;
  duplicate: Side;
  /** Whether the duplicate's value is taken. */
  taken: boolean;
  onTake: (taken: boolean) => void;
}

/** One field in which the records differ: one value of the two is to be chosen. */
export function FieldChoice({ field, kept, duplicate, taken, onTake }: Props) {
  const { t } = useTranslation();
  const option = (value: 'kept' | 'duplicate', { values, mrn }: Side) => {
    const text = fieldText(field, values, t);
    return (
      <Paper withBorder p="xs">
        <Radio
          value={value}
          label={
            <Text size="sm" span className="written" fs={text ? '' : 'italic'}>
              {text || t('common.notRecorded')}
            </Text>
          }
          description={`${t(value === 'kept' ? 'merge.keptRecord' : 'merge.duplicate')} · ${t('patient.mrn')} ${mrn}`}
        />
      </Paper>
    );
  };
  return (
    <Radio.Group
      label={fieldLabel(field, t)}
      value={taken ? 'duplicate' : 'kept'}
      onChange={(value) => onTake(value === 'duplicate')}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" mt={4}>
        {option('kept', kept)}
        {option('duplicate', duplicate)}
      </SimpleGrid>
    </Radio.Group>
  );
}
