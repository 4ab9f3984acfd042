import { Button } from '@mantine/core';
import { IconFileDescription } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../session/use-session';
import { ReportDialog } from './ReportDialog';

interface Props {
  patientId: string;
  /** Of the patient, for the title of the dialog. */
  name?: string;
}

/** Offers the reports about who saw a record, to whoever may read other people's entries about it. */
export function ReportButton({ patientId, name }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const [open, setOpen] = useState(false);
  // A nurse reads the log too, but in it own actions only.
  if (!me?.permissions.includes('AUDIT_READ') || me.role === 'NURSE') return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconFileDescription size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t('report.button')}
      </Button>
      {open ? <ReportDialog patientId={patientId} name={name} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
