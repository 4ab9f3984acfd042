import { Badge, Code, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatDateTime, patientName } from '../../ui/format';
import { LinkAnchor } from '../../ui/links';
import { ConfidentialBadge } from '../patients/ConfidentialBadge';

interface CasePatientProps {
  patientId: string;
  /** Left out for who may not read the record. */
  patient?:
    { id: string; mrn: string; name: Parameters<typeof patientName>[0]; confidential: boolean } | null | undefined;
}

/** Whom a case is about: by name for who may read the record; the others have its id. */
export function CasePatient({ patientId, patient }: CasePatientProps) {
  const { t } = useTranslation();
  if (!patient) return <Code>{patientId}</Code>;
  return (
    <>
      <LinkAnchor to="/patients/$patientId" params={{ patientId: patient.id }} size="sm">
        {patientName(patient.name)}, {t('patient.mrn')} {patient.mrn}
      </LinkAnchor>{' '}
      <ConfidentialBadge patient={patient} />
    </>
  );
}

interface CaseVerdictProps {
  /** The verdict in words, and whether all was well. */
  verdict: string;
  fine: boolean;
  review: { at: string; note?: string | null; by: { name: string } };
}

/** How a case was judged: by whom, when, and what they noted. */
export function CaseVerdict({ verdict, fine, review: { at, by, note } }: CaseVerdictProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" mt={6} wrap="wrap">
      <Badge color={fine ? 'seal' : 'orange'}>{verdict}</Badge>
      <Text size="sm" c="dimmed">
        {t('review.by', { name: by.name, when: formatDateTime(at) })}
      </Text>
      {note ? (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {note}
        </Text>
      ) : null}
    </Group>
  );
}
