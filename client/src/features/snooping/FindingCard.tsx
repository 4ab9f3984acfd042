import { Anchor, Badge, Button, Group, Paper, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SnoopingSeverity } from '../../gql/graphql';
import { useMe } from '../../session/use-session';
import { formatDateTime, formatTime } from '../../ui/format';
import { CasePatient, CaseVerdict } from '../reviews/CaseParts';
import type { Finding } from './SnoopingPage';

/** Only what is about one person or one patient, and what that is called. */
export interface Narrowing {
  personId?: string;
  patientId?: string;
  label: string;
}

interface Props {
  finding: Finding;
  onJudge: () => void;
  onShowEntries: () => void;
  /** Left out while the list is narrowed already. */
  onNarrow?: ((to: Narrowing) => void) | undefined;
}

/** Not red, which is for clinical danger alone. */
const colours: Record<SnoopingSeverity, string> = { LOW: 'gray', MEDIUM: 'seal', HIGH: 'orange' };

export function FindingCard({ finding, onJudge, onShowEntries, onNarrow }: Props) {
  const { t } = useTranslation();
  const own = finding.person.id === useMe()?.id;
  const { person, patientId, rule, severity, count, review } = finding;
  return (
    <Paper component="li" p="md" bg="var(--chartseal-surface)">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ minWidth: 0, flex: '1 1 320px' }}>
          <Group gap="xs">
            <Text fw={650}>{t(`snooping.rules.${rule}`)}</Text>
            <Badge color={colours[severity]}>{t(`snooping.severity.${severity}`)}</Badge>
          </Group>
          <Text size="sm" c="dimmed">
            {t(`snooping.why.${rule}`)}
          </Text>
          <Text size="sm" mt={6} style={{ overflowWrap: 'anywhere' }}>
            {t('snooping.person')}: <b>{person.name}</b>, {t(`role.${person.role}`)}
          </Text>
          {patientId ? (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {t('snooping.patient')}: <CasePatient patientId={patientId} patient={finding.patient} />
            </Text>
          ) : null}
          <Text size="sm">{whenOf(finding)}</Text>
          <Group gap="md" mt={4}>
            <More onClick={onShowEntries}>{t('snooping.count', { count })}</More>
            {onNarrow ? (
              <More onClick={() => onNarrow({ personId: person.id, label: person.name })}>
                {t('snooping.onlyPerson')}
              </More>
            ) : null}
            {onNarrow && patientId ? (
              <More onClick={() => onNarrow({ patientId, label: t('snooping.thisPatient') })}>
                {t('snooping.onlyPatient')}
              </More>
            ) : null}
          </Group>
          {review ? (
            <CaseVerdict
              verdict={t(`snooping.status.${review.verdict}`)}
              fine={review.verdict === 'EXPLAINED'}
              review={review}
            />
          ) : null}
        </div>
        {review ? null : own ? (
          <Text size="sm" c="dimmed">
            {t('snooping.own')}
          </Text>
        ) : (
          <Button size="sm" variant="default" onClick={onJudge}>
            {t('snooping.review')}…
          </Button>
        )}
      </Group>
    </Paper>
  );
}

function More({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Anchor component="button" type="button" size="sm" mih={24} onClick={onClick}>
      {children}
    </Anchor>
  );
}

/** From the first to the last entry; the day once, where it is one. */
function whenOf({ firstAt, lastAt }: Finding): string {
  if (!firstAt || !lastAt) return '';
  const [from, to] = [formatDateTime(firstAt), formatDateTime(lastAt)];
  if (from === to) return from;
  const sameDay = from.slice(0, 11) === to.slice(0, 11);
  return `${from} – ${sameDay ? formatTime(lastAt) : to}`;
}
