import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Only } from '../../shell/NoAccess';
import { AuditEntries } from '../audit/AuditEntries';
import { usePatient } from './patient-context';

/** Who opened this record, when, and why. */
export function AccessTab() {
  const { t } = useTranslation();
  const { id } = usePatient();
  return (
    <Only permission="AUDIT_READ">
      <Text size="sm" c="dimmed" mb="sm">
        {t('access.text')}
      </Text>
      <AuditEntries filter={{ patientId: id }} />
    </Only>
  );
}
