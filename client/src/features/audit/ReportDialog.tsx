import { useApolloClient } from '@apollo/client/react';
import { Button, Group, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import { DateField } from '../../ui/DateField';
import { FaultNotice } from '../../ui/FaultNotice';
import { saveFile } from '../../ui/save-file';
import { AccessReportRows } from './AccessReportRows';
import { DisclosureReportRows } from './DisclosureReportRows';
import { fetchReportFile, periodOf, type ReportKind } from './report-file';

interface Props {
  patientId: string;
  name?: string;
  onClose: () => void;
}

/** How far back each report reaches unless asked otherwise, in years: an accounting of disclosures is owed for six. */
const YEARS = { accesses: 1, disclosures: 6 };

/** Asks for kind and period, and shows the report or saves it as a file. Each is an entry of the log. */
export function ReportDialog({ patientId, name, onClose }: Props) {
  const { t } = useTranslation();
  const client = useApolloClient();
  const [kind, setKind] = useState<ReportKind>('accesses');
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const [shown, setShown] = useState<{ from: string; to: string } | null>(null);
  const [saving, setSaving] = useState<'csv' | 'pdf' | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const days = {
    from: from ?? dayjs().subtract(YEARS[kind], 'year').format('YYYY-MM-DD'),
    to: to ?? dayjs().format('YYYY-MM-DD'),
  };
  const wrong = days.from > days.to;

  const save = async (format: 'csv' | 'pdf') => {
    setSaving(format);
    setFault(null);
    try {
      const file = await fetchReportFile(client, { kind, format, patientId, ...periodOf(days) });
      // No name of a patient in the name of a file.
      saveFile(`${kind}-${dayjs().format('YYYY-MM-DD')}.${format}`, file.contents, file.type);
    } catch (error) {
      setFault(error);
    } finally {
      setSaving(null);
    }
  };
  const change = (act: () => void) => {
    act();
    setShown(null);
    setFault(null);
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      size={shown ? 'xl' : 'lg'}
      title={name ? `${t('report.title')}: ${name}` : t('report.title')}
    >
      <Stack>
        <SegmentedControl
          aria-label={t('report.kind')}
          value={kind}
          onChange={(next) => change(() => setKind(next as ReportKind))}
          data={[
            { value: 'accesses', label: t('report.accesses') },
            { value: 'disclosures', label: t('report.disclosures') },
          ]}
        />
        <Text size="sm" c="dimmed">
          {t(`report.about.${kind}`)}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <DateField
            id="report-from"
            label={t('audit.from')}
            value={days.from}
            error={wrong ? t('report.period') : undefined}
            onChange={(day) => change(() => setFrom(day))}
          />
          <DateField
            id="report-to"
            label={t('audit.to')}
            value={days.to}
            onChange={(day) => change(() => setTo(day))}
          />
        </SimpleGrid>
        {fault ? <FaultNotice error={fault} takeFocus /> : null}
        <Group justify="flex-end" gap="xs">
          {(['csv', 'pdf'] as const).map((format) => (
            <Button
              key={format}
              variant="default"
              loading={saving === format}
              disabled={wrong || (saving !== null && saving !== format)}
              onClick={() => void save(format)}
            >
              {t(`report.${format}`)}
            </Button>
          ))}
          <Button disabled={wrong} onClick={() => setShown(periodOf(days))}>
            {t('report.show')}
          </Button>
        </Group>
        {shown && kind === 'accesses' ? <AccessReportRows patientId={patientId} period={shown} /> : null}
        {shown && kind === 'disclosures' ? <DisclosureReportRows patientId={patientId} period={shown} /> : null}
      </Stack>
    </Dialog>
  );
}
