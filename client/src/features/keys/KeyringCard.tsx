import { Group, Paper, Text, ThemeIcon } from '@mantine/core';
import { IconClockSearch, IconShieldCheck, IconShieldX, type Icon } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { formatDateTime, formatNumber } from '../../ui/format';
import type { KeyringPart } from './types';

/** One line that says whether everything sealed can be opened, and when that was counted. */
export function KeyringCard({ keyring }: { keyring: KeyringPart }) {
  const { t } = useTranslation();
  const { icon: Glyph, color, title, text } = verdict(keyring, t);
  return (
    <Paper component="section" p="md" bg="var(--chartseal-surface)" aria-label={t('keys.card')}>
      <Group gap="md" wrap="nowrap">
        <ThemeIcon size={44} radius="xl" color={color} variant="light" aria-hidden>
          <Glyph size={24} />
        </ThemeIcon>
        <div role="status" aria-live="polite">
          <Text fw={650} size="lg">
            {title}
          </Text>
          <Text size="sm">{text}</Text>
          <Text size="sm" c="dimmed">
            {keyring.countedAt
              ? t('keys.countedAt', { when: formatDateTime(keyring.countedAt) })
              : t('keys.notCounted')}
          </Text>
        </div>
      </Group>
    </Paper>
  );
}

interface Verdict {
  icon: Icon;
  color: string;
  title: string;
  text: string | null;
}

function verdict({ columns, countedAt }: KeyringPart, t: TFunction): Verdict {
  const sum = (key: 'envelopes' | 'withoutKey' | 'underRetiredKeys') => columns.reduce((all, one) => all + one[key], 0);
  const lost = sum('withoutKey');
  if (lost > 0) {
    const title = t('keys.lost', { count: lost, number: formatNumber(lost) });
    return { icon: IconShieldX, color: 'orange', title, text: t('keys.lostText') };
  }
  if (!countedAt) return { icon: IconClockSearch, color: 'gray', title: t('keys.uncounted'), text: null };
  const all = sum('envelopes');
  const retired = sum('underRetiredKeys');
  return {
    icon: IconShieldCheck,
    color: 'seal',
    title: t('keys.complete', { count: all, number: formatNumber(all) }),
    text: retired > 0 ? t('keys.underRetired', { count: retired, number: formatNumber(retired) }) : null,
  };
}
