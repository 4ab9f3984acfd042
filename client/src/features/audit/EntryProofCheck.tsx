import { useLazyQuery } from '@apollo/client/react';
import { Alert, Button, Code, Spoiler, Stack, Text, Title } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatNumber } from '../../ui/format';
import type { Entry } from './AuditEntries';
import { EntryProof } from './documents';
import { canCheck, isIncluded } from './inclusion';

/** Fetches the inclusion proof of an entry and checks it here, so that nobody need take the server's word. */
export function EntryProofCheck({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const [fetchProof, { data, error, loading }] = useLazyQuery(EntryProof, { fetchPolicy: 'no-cache' });
  const [included, setIncluded] = useState<boolean | null>(null);
  const proof = data?.auditProof;

  const check = async () => {
    setIncluded(null);
    const fetched = (await fetchProof({ variables: { index: entry.index } })).data?.auditProof;
    const { canonical } = entry; // whoever may have proofs sees all of it
    if (fetched && canonical && canCheck()) setIncluded(await isIncluded({ ...fetched, canonical }));
  };
  return (
    <Stack gap="xs">
      <Title order={3}>{t('audit.proof.title')}</Title>
      <Text size="sm" c="dimmed">
        {t('audit.proof.text')}
      </Text>
      <Button variant="default" loading={loading} onClick={() => void check().catch(() => undefined)} w="fit-content">
        {t('audit.proof.check')}
      </Button>
      {error ? <FaultNotice error={error} /> : null}
      <div role="status" aria-live="polite">
        {proof && included === true ? (
          <Alert color="seal" icon={<IconShieldCheck aria-hidden />}>
            {t('audit.proof.proven', { size: formatNumber(proof.size), count: proof.path.length })}
          </Alert>
        ) : null}
        {proof && included === false ? (
          <Alert color="orange" icon={<IconShieldX aria-hidden />}>
            {t('audit.proof.wrong')}
          </Alert>
        ) : null}
        {proof && !canCheck() ? <Text size="sm">{t('audit.proof.unavailable')}</Text> : null}
      </div>
      {proof ? (
        <Spoiler maxHeight={0} showLabel={t('audit.proof.show')} hideLabel={t('audit.proof.hide')}>
          <Code block tabIndex={0} role="region" aria-label={t('audit.proof.title')}>
            {[...proof.path, '', proof.checkpoint].join('\n')}
          </Code>
        </Spoiler>
      ) : null}
    </Stack>
  );
}
