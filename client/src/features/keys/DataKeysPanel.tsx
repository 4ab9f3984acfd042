import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../ui/Fact';
import { formatDateTime, formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import type { KeyringPart } from './types';

/** How many data keys there are: one for each patient, and a few of the system's own. */
export function DataKeysPanel({ counts }: { counts: KeyringPart['dataKeys'] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('keys.dataKeys.title')}>
      <Facts>
        <Fact label={t('keys.dataKeys.inUse')}>{formatNumber(counts.inUse)}</Fact>
        <Fact label={t('keys.dataKeys.due')}>{formatNumber(counts.due)}</Fact>
        <Fact label={t('keys.dataKeys.retired')}>{formatNumber(counts.retired)}</Fact>
        <Fact label={t('keys.dataKeys.oldest')}>{counts.oldest ? formatDateTime(counts.oldest) : null}</Fact>
      </Facts>
    </Panel>
  );
}
