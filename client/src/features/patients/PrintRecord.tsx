import { useFragment, useMutation } from '@apollo/client/react';
import type { FragmentType } from '@apollo/client';
import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { PatientBannerPartsFragment } from '../../gql/graphql';
import { useMe } from '../../session/use-session';
import { formatDate, formatDateTime, patientName } from '../../ui/format';
import { notifyFault } from '../../ui/notify';
import { printPages } from '../../ui/print';
import { PatientBannerParts } from './fragments';

const NotePrinting = graphql(`
  mutation NotePrinting($input: PrintRecordInput!) {
    printRecord(input: $input) {
      at
    }
  }
`);

/** Prints what the page shows, once the log has an entry of it; every sheet says whose it is and who printed it. */
export function PrintRecord({ patient }: { patient: FragmentType<PatientBannerPartsFragment> & { id: string } }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data, complete } = useFragment({ fragment: PatientBannerParts, from: patient });
  const [note, { loading }] = useMutation(NotePrinting);
  if (!complete || !me) return null;

  const print = async () => {
    try {
      const noted = await note({ variables: { input: { patientId: patient.id } } });
      const at = noted.data?.printRecord.at;
      if (!at) return;
      printPages({
        whose: `${patientName(data.name)} · ${t('patient.born')} ${formatDate(data.birthDate)} · ${t('patient.mrn')} ${data.mrn}`,
        by: t('print.by', { name: me.name, when: formatDateTime(at) }),
        page: t('print.page'),
        of: t('print.pageOf'),
      });
    } catch (error) {
      notifyFault(error);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={<IconPrinter size={16} aria-hidden />}
      loading={loading}
      onClick={() => void print()}
    >
      {t('print.button')}
    </Button>
  );
}
