import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Only } from '../../shell/NoAccess';
import { AuditEntries } from '../audit/AuditEntries';
import { ReportButton } from '../audit/ReportButton';
import { usePatient } from './patient-context';
import { usePatientIdentity } from './use-patient-name';

/** Who opened this record, when, and why. */
export function AccessTab() {
  const { t } = useTranslation();
  const patient = usePatient();
  const { name } = usePatientIdentity(patient);
  return (
    <Only permission="AUDIT_READ">
      <Group justify="space-between" align="flex-start" mb="sm" gap="sm">
        <Text size="sm" c="dimmed" flex="1 1 280px">
          {t('access.text')}
        </Text>
        <ReportButton patientId={patient.id} name={name} />
      </Group>
      <AuditEntries filter={{ patientId: patient.id }} />
    </Only>
  );
}
