import { useQuery } from '@apollo/client/react';
import { Alert, Badge, Code, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { RecordAsStoredQuery } from '../../gql/graphql';
import { Only } from '../../shell/NoAccess';
import { EmptyState } from '../../ui/EmptyState';
import { Fact, Facts } from '../../ui/Fact';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatNumber } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Pager, usePages } from '../../ui/Pager';
import { usePatient } from './patient-context';

const RecordAsStored = graphql(`
  query RecordAsStored($patientId: ID!) {
    encryptedRecord(patientId: $patientId) {
      table
      rowId
      column
      meaning
      suite
      keyId
      nonce
      ciphertext
      tag
      bytes
    }
  }
`);

type Field = RecordAsStoredQuery['encryptedRecord'][number];

/** What the database holds for this patient: never a value, always its envelope. */
export function StoredTab() {
  return (
    <Only permission="RECORD_AS_STORED">
      <Stored />
    </Only>
  );
}

function Stored() {
  const { t } = useTranslation();
  const { id } = usePatient();
  const { data, error, refetch } = useQuery(RecordAsStored, { variables: { patientId: id }, fetchPolicy: 'no-cache' });
  const pages = useShown(data?.encryptedRecord ?? []);
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={4} height={110} />;
  const fields = data.encryptedRecord;
  const keys = new Set(fields.map((field) => field.keyId));
  return (
    <Stack>
      <Alert color="seal" variant="light" icon={<IconLock aria-hidden />}>
        <Text size="sm">
          {t('stored.text', {
            fields: formatNumber(fields.length),
            bytes: formatNumber(fields.reduce((sum, field) => sum + field.bytes, 0)),
            count: keys.size,
          })}
        </Text>
      </Alert>
      {fields.length === 0 ? <EmptyState icon={IconLock} title={t('stored.none')} /> : null}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        {pages.rows.map((field) => (
          <StoredField key={`${field.table} ${field.rowId} ${field.column}`} field={field} />
        ))}
      </SimpleGrid>
      <Pager pageInfo={pages.info} pages={pages.pages} />
    </Stack>
  );
}

const pageSize = 24;

/** The server sends all of a record at once; hundreds of hexadecimal blocks are drawn a page at a time. */
function useShown(fields: Field[]) {
  const pages = usePages(pageSize, 'stored');
  const from = (pages.number - 1) * pageSize;
  const rows = fields.slice(from, from + pageSize);
  return { pages, rows, info: { hasNextPage: fields.length > from + pageSize, hasPreviousPage: from > 0 } };
}

function StoredField({ field }: { field: Field }) {
  const { t } = useTranslation();
  return (
    <Paper component="section" p="md" bg="var(--chartseal-surface)" aria-label={`${field.table}.${field.column}`}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Title order={3}>
          <Code fz="sm">
            {field.table}.{field.column}
          </Code>
        </Title>
        <Badge color="gray">{t('stored.bytes', { count: field.bytes })}</Badge>
      </Group>
      <Text size="sm" c="dimmed" mb="xs">
        {field.meaning}
      </Text>
      <Facts>
        <Fact label={t('stored.suite')}>{field.suite}</Fact>
        <Fact label={t('stored.keyId')}>
          <Code>{field.keyId}</Code>
        </Fact>
        <Fact label={t('stored.nonce')}>
          <Code>{field.nonce}</Code>
        </Fact>
        <Fact label={t('stored.tag')}>
          <Code>{field.tag}</Code>
        </Fact>
      </Facts>
      <Text size="xs" c="dimmed" mt="sm">
        {t('stored.ciphertext')}
      </Text>
      <Code
        block
        fz="xs"
        mah={110}
        tabIndex={0}
        role="region"
        aria-label={`${t('stored.ciphertext')} ${field.column}`}
        style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap', overflowY: 'auto' }}
      >
        {field.ciphertext.replace(/(.{8})/g, '$1 ')}
      </Code>
    </Paper>
  );
}
