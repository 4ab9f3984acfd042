import { Badge, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { MergePreviewQuery } from '../../gql/graphql';
import { Fact, Facts } from '../../ui/Fact';
import { formatDate, formatDateTime, patientName } from '../../ui/format';
import { LinkButton } from '../../ui/links';
import { Panel } from '../../ui/Panel';
import type { PatientValues } from '../patients/patient-values';

type Preview = MergePreviewQuery['mergePreview'];

/** The two records as a whole: which is kept, which is hidden, and what hangs on each. */
export function RecordCards({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  const { keep, merge, keepHolds, mergeHolds } = preview;
  return (
    <Stack gap="xs" align="flex-start">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" w="100%">
        <RecordCard kind="keptRecord" record={keep} holds={keepHolds} />
        <RecordCard kind="duplicate" record={merge} holds={mergeHolds} />
      </SimpleGrid>
      <LinkButton
        to="/patients/$patientId/merge/$duplicateId"
        params={{ patientId: merge.id, duplicateId: keep.id }}
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowsExchange size={16} aria-hidden />}
      >
        {t('merge.swap')}
      </LinkButton>
    </Stack>
  );
}

interface CardProps {
  kind: 'keptRecord' | 'duplicate';
  record: Preview['keep'];
  holds: Preview['keepHolds'];
}

function RecordCard({ kind, record, holds }: CardProps) {
  const { t } = useTranslation();
  const kept = kind === 'keptRecord';
  return (
    <Paper component="section" aria-label={t(`merge.${kind}`)} p="md" bg="var(--chartseal-surface)">
      <Group justify="space-between" gap="xs" mb="xs">
        <Title order={2}>{t(`merge.${kind}`)}</Title>
        <Badge color={kept ? 'seal' : 'gray'} variant={kept ? 'filled' : 'light'}>
          {t(kept ? 'merge.stays' : 'merge.hides')}
        </Badge>
      </Group>
      <Text fw={600}>{patientName(record.name)}</Text>
      <Text size="sm" c="dimmed" mb="sm">
        {formatDate(record.birthDate)} · {t(`gender.${record.gender}`)} · {`${t('patient.mrn')}\u00a0${record.mrn}`}
      </Text>
      <Facts>
        <Fact label={t('patient.registered')}>{formatDateTime(record.createdAt)}</Fact>
        <Fact label={t('merge.visits')}>{holds.visits}</Fact>
        <Fact label={t('merge.updates')}>{holds.treatmentUpdates}</Fact>
        <Fact label={t('merge.team')}>{holds.careTeam}</Fact>
        {record.confidential ? <Fact label={t('patient.confidential')}>{t('merge.keptConfidential')}</Fact> : null}
      </Facts>
    </Paper>
  );
}

/** Lists of which the kept record gets both: nobody chooses an allergy away. */
export function United({ duplicate, mrn }: { duplicate: PatientValues; mrn: string }) {
  const { t } = useTranslation();
  const { allergies, problems, medications, identifiers } = duplicate;
  const lines = (texts: string[]) => texts.join('\n');
  return (
    <Panel title={t('merge.united')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('merge.unitedText')}
      </Text>
      <Facts>
        <Fact label={t('patient.allergies')}>
          {lines(allergies.map((one) => `${one.substance} (${t(`severity.${one.severity}`)})`))}
        </Fact>
        <Fact label={t('patient.problems')}>{lines(problems.map((one) => one.text))}</Fact>
        <Fact label={t('patient.medications')}>
          {lines(medications.map((one) => [one.text, one.dose].filter(Boolean).join(', ')))}
        </Fact>
        <Fact label={t('patient.identifiers')}>
          {lines([`${t('patient.mrn')} ${mrn}`, ...identifiers.map((one) => one.value)])}
        </Fact>
      </Facts>
    </Panel>
  );
}
