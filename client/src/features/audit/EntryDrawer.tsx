import { Button, Code, CopyButton, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../session/use-session';
import { Fact, Facts } from '../../ui/Fact';
import { formatDateTime } from '../../ui/format';
import { actionName } from './actions';
import { ActorName, type Entry } from './AuditEntries';
import { EntryProofCheck } from './EntryProofCheck';
import { LinkAnchor } from '../../ui/links';

interface Props {
  entry: Entry | null;
  onClose: () => void;
  onNarrow?: (change: { actorId?: string; patientId?: string }) => void;
}

/** One entry in full: its meaning, and the very bytes that were hashed. */
export function EntryDrawer({ entry, onClose, onNarrow }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={entry !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={entry ? t('audit.entry', { index: entry.index }) : ''}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {entry ? <EntryFacts entry={entry} onNarrow={onNarrow} /> : null}
    </Drawer>
  );
}

function EntryFacts({ entry, onNarrow }: { entry: Entry; onNarrow?: Props['onNarrow'] }) {
  const { t } = useTranslation();
  const mayRead = useMay('PATIENT_READ');
  const mayProve = useMay('AUDIT_VERIFY');
  const actorId = entry.actor.id;
  return (
    <Stack>
      <Facts>
        <Fact label={t('audit.at')}>{formatDateTime(entry.at)}</Fact>
        <Fact label={t('audit.outcome')}>{t(`outcome.${entry.outcome}`)}</Fact>
        <Fact label={t('audit.actor')}>
          <ActorName actor={entry.actor} />
        </Fact>
        <Fact label={t('audit.action')}>{actionName(entry.action, t)}</Fact>
        <Fact label={t('audit.operation')}>{entry.operation}</Fact>
        <Fact label={t('audit.target')}>{entry.target ? `${entry.target.type} ${entry.target.id ?? ''}` : null}</Fact>
        <Fact label={t('audit.fields')}>{entry.fields.join(', ')}</Fact>
        <Fact label={t('audit.purpose')}>{entry.purpose}</Fact>
        <Fact label={t('audit.reason')}>{entry.reason}</Fact>
        <Fact label={t('audit.requestId')}>{entry.requestId}</Fact>
        <Fact label={t('audit.ip')}>{entry.ip}</Fact>
      </Facts>
      {entry.patients.length > 0 ? (
        <div>
          <Text size="xs" c="dimmed">
            {t('audit.patients', { count: entry.patients.length })}
          </Text>
          <Stack component="ul" gap={2} m={0} p={0} mah={160} style={{ listStyle: 'none', overflowY: 'auto' }}>
            {entry.patients.map((patientId) => (
              <Group component="li" key={patientId} gap="xs">
                {mayRead ? (
                  <LinkAnchor to="/patients/$patientId" params={{ patientId }} size="sm">
                    <Code>{patientId}</Code>
                  </LinkAnchor>
                ) : (
                  <Code>{patientId}</Code>
                )}
              </Group>
            ))}
          </Stack>
        </div>
      ) : null}
      {onNarrow ? (
        <Group gap="xs">
          {actorId ? (
            <Button size="xs" variant="default" onClick={() => onNarrow({ actorId })}>
              {t('audit.onlyActor')}
            </Button>
          ) : null}
          {entry.patients.length === 1 ? (
            <Button size="xs" variant="default" onClick={() => onNarrow({ patientId: entry.patients[0] })}>
              {t('audit.onlyPatient')}
            </Button>
          ) : null}
        </Group>
      ) : null}
      {entry.canonical ? (
        <div>
          <Group justify="space-between" mb={4}>
            <Title order={3}>{t('audit.canonical')}</Title>
            <CopyButton value={entry.canonical}>
              {({ copied, copy }) => (
                <Button size="compact-xs" mih={24} variant="default" onClick={copy}>
                  {copied ? t('common.copied') : t('common.copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Code
            block
            tabIndex={0}
            role="region"
            aria-label={t('audit.canonical')}
            style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
          >
            {entry.canonical}
          </Code>
        </div>
      ) : null}
      <Facts columns={1}>
        <Fact label={t('audit.leaf')}>
          <Code>{entry.leafHash}</Code>
        </Fact>
        <Fact label={t('audit.chain')}>
          <Code>{entry.chainHash}</Code>
        </Fact>
      </Facts>
      {mayProve ? <EntryProofCheck key={entry.index} entry={entry} /> : null}
    </Stack>
  );
}
