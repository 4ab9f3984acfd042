import { useApolloClient } from '@apollo/client/react';
import { Button, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { dropDraft } from '../../ui/drafts';
import { Fact, Facts } from '../../ui/Fact';
import { formatDateTime } from '../../ui/format';
import { LinkButton } from '../../ui/links';
import { PageHeading } from '../../ui/PageHeading';
import { saveFile } from '../../ui/save-file';
import type { Certificate } from './EraseDialog';
import { patientDraft } from './patient-values';
import { searchForAll } from './search-state';

/** Stands where the record was: the proof that it is gone, and nothing else of the patient. */
export function ErasedNotice({ certificate }: { certificate: Certificate }) {
  const { t } = useTranslation();
  const client = useApolloClient();
  const { patientId, erasedAt, json } = certificate;
  useEffect(() => {
    // The words that found the patient, what was read, and what was being written.
    searchForAll();
    dropDraft(patientDraft(patientId));
    void client.clearStore();
  }, [client, patientId]);
  return (
    <>
      <PageHeading title={t('erase.done')} note={t('erase.doneText')} />
      <Paper component="section" p="md" bg="var(--chartseal-surface)" aria-labelledby="certificate">
        <Stack>
          <Title order={2} id="certificate">
            {t('erase.certificate')}
          </Title>
          <Facts>
            <Fact label={t('erase.patientId')}>
              <Code>{patientId}</Code>
            </Fact>
            <Fact label={t('erase.erasedAt')}>{formatDateTime(erasedAt)}</Fact>
          </Facts>
          <Text size="sm">{t('erase.certificateText')}</Text>
          <Group gap="sm">
            <Button
              leftSection={<IconDownload size={18} aria-hidden />}
              onClick={() => saveFile(`erasure-${patientId}.json`, json, 'application/json')}
            >
              {t('erase.download')}
            </Button>
            <LinkButton to="/patients" variant="default">
              {t('erase.toPatients')}
            </LinkButton>
          </Group>
          <Code
            block
            tabIndex={0}
            role="region"
            aria-label={t('erase.certificateBytes')}
            style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
          >
            {spacedOut(json)}
          </Code>
        </Stack>
      </Paper>
    </>
  );
}

/** For reading only: the file keeps the signed bytes as they came. */
function spacedOut(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
