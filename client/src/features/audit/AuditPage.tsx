import { Button, Paper, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter, AuditOutcome } from '../../gql/graphql';
import { Only } from '../../shell/NoAccess';
import { DateField } from '../../ui/DateField';
import { PageHeading } from '../../ui/PageHeading';
import { actions } from './actions';
import { AlarmHistory } from './AlarmHistory';
import classes from './AuditPage.module.css';
import { AuditEntries } from './AuditEntries';
import { StatusCard } from './StatusCard';

const outcomes: AuditOutcome[] = ['OK', 'REFUSED', 'FAILED'];

interface Wanted {
  actorId: string;
  patientId: string;
  action: string | null;
  outcome: AuditOutcome | null;
  from: string | null;
  to: string | null;
}

const everything: Wanted = { actorId: '', patientId: '', action: null, outcome: null, from: null, to: null };
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function AuditPage() {
  const { t } = useTranslation();
  return (
    <Only permission="AUDIT_READ">
      <PageHeading title={t('audit.title')} note={t('audit.note')} />
      <AuditLog />
    </Only>
  );
}

function AuditLog() {
  const [wanted, setWanted] = useState(everything);
  return (
    <Stack>
      <StatusCard />
      <AlarmHistory />
      <Filters wanted={wanted} onChange={setWanted} />
      <AuditEntries filter={filterOf(wanted)} onNarrow={(change) => setWanted({ ...wanted, ...change })} />
    </Stack>
  );
}

/** Days are the reader's: from their midnight to the next. */
function filterOf(wanted: Wanted): AuditFilter {
  const dayAfter = wanted.to ? new Date(`${wanted.to}T00:00`) : null;
  dayAfter?.setDate(dayAfter.getDate() + 1);
  return {
    ...(uuid.test(wanted.actorId) ? { actorId: wanted.actorId } : {}),
    ...(uuid.test(wanted.patientId) ? { patientId: wanted.patientId } : {}),
    ...(wanted.action ? { action: wanted.action } : {}),
    ...(wanted.outcome ? { outcome: wanted.outcome } : {}),
    ...(wanted.from ? { from: new Date(`${wanted.from}T00:00`).toISOString() } : {}),
    ...(dayAfter ? { to: dayAfter.toISOString() } : {}),
  };
}

function Filters({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const { t } = useTranslation();
  const idError = (id: string) => (id && !uuid.test(id) ? t('validation.uuid') : undefined);
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
        <TextInput
          label={t('audit.actorId')}
          value={wanted.actorId}
          error={idError(wanted.actorId)}
          onChange={(event) => onChange({ ...wanted, actorId: event.currentTarget.value.trim() })}
        />
        <TextInput
          label={t('audit.patientId')}
          value={wanted.patientId}
          error={idError(wanted.patientId)}
          onChange={(event) => onChange({ ...wanted, patientId: event.currentTarget.value.trim() })}
        />
        <Button variant="default" onClick={() => onChange(everything)}>
          {t('audit.clear')}
        </Button>
      </div>
    </Paper>
  );
}
