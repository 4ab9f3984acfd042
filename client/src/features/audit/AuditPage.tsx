import { Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Only } from '../../shell/NoAccess';
import { PageHeading } from '../../ui/PageHeading';
import { AlarmHistory } from './AlarmHistory';
import { everything, filterOf } from './audit-filter';
import { AuditEntries } from './AuditEntries';
import { AuditFilters } from './AuditFilters';
import { ReportButton } from './ReportButton';
import { StatusCard } from './StatusCard';

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
  const filter = filterOf(wanted);
  return (
    <Stack>
      <StatusCard />
      <AlarmHistory />
      <AuditFilters wanted={wanted} onChange={setWanted} />
      {filter.patientId ? (
        <Group justify="flex-end">
          <ReportButton patientId={wanted.patientId} />
        </Group>
      ) : null}
      <AuditEntries filter={filter} onNarrow={(change) => setWanted({ ...wanted, ...change })} />
    </Stack>
  );
}
