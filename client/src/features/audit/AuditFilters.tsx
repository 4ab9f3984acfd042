import { Button, Group, Paper, Select } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditOutcome } from '../../gql/graphql';
import { DateField } from '../../ui/DateField';
import { actions } from './actions';
import { everything, rareFilters, type Wanted } from './audit-filter';
import classes from './AuditPage.module.css';
import { MoreFilters } from './MoreFilters';

const outcomes: AuditOutcome[] = ['OK', 'REFUSED', 'FAILED'];

interface Props {
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

/** The filters most asked for, side by side; the others in a drawer, with their number on its button. */
export function AuditFilters({ wanted, onChange }: Props) {
  const { t } = useTranslation();
  const [more, setMore] = useState(false);
  const rare = rareFilters.filter((name) => wanted[name]).length;
  return (
    <Paper p="md" bg="var(--chartseal-surface)" role="search" aria-label={t('audit.filters')}>
      <div className={classes.filters}>
        <Select
          label={t('audit.action')}
          data={actions.map((action) => ({ value: action, label: t(`action.${action}`) }))}
          value={wanted.action}
          onChange={(action) => onChange({ ...wanted, action })}
          placeholder={t('patients.any')}
          clearable
          clearButtonProps={{ 'aria-label': t('audit.clearAction') }}
          searchable
        />
        <Select
          label={t('audit.outcome')}
          data={outcomes.map((outcome) => ({ value: outcome, label: t(`outcome.${outcome}`) }))}
          value={wanted.outcome}
          onChange={(outcome) => onChange({ ...wanted, outcome: outcome as AuditOutcome | null })}
          placeholder={t('patients.any')}
          clearable
          clearButtonProps={{ 'aria-label': t('audit.clearOutcome') }}
        />
        <DateField
          id="audit-from"
          label={t('audit.from')}
          value={wanted.from}
          onChange={(from) => onChange({ ...wanted, from })}
        />
        <DateField
          id="audit-to"
          label={t('audit.to')}
          value={wanted.to}
          onChange={(to) => onChange({ ...wanted, to })}
        />
        <Group gap="xs" className={classes.buttons}>
          <Button
            variant="default"
            leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
            onClick={() => setMore(true)}
          >
            {rare > 0 ? t('audit.moreCount', { count: rare }) : t('audit.more')}
          </Button>
          <Button variant="subtle" onClick={() => onChange(everything)}>
            {t('audit.clear')}
          </Button>
        </Group>
      </div>
      <MoreFilters opened={more} onClose={() => setMore(false)} wanted={wanted} onChange={onChange} />
    </Paper>
  );
}
