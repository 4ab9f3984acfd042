import { useMutation } from '@apollo/client/react';
import { Radio, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SnoopingVerdict } from '../../gql/graphql';
import { FormDialog } from '../../ui/FormDialog';
import { notifyDone } from '../../ui/notify';
import { FindingsWaiting, ReviewSnooping } from './documents';
import type { Finding } from './SnoopingPage';

const verdicts = ['EXPLAINED', 'MISUSE'] as const satisfies readonly SnoopingVerdict[];

interface Props {
  finding: Finding;
  onClose: () => void;
  onReviewed: () => void;
}

/** One verdict, with a note; misuse without a word would help nobody. */
export function VerdictDialog({ finding, onClose, onReviewed }: Props) {
  const { t } = useTranslation();
  const [verdict, setVerdict] = useState<SnoopingVerdict | null>(null);
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const [review, { loading, error }] = useMutation(ReviewSnooping, { refetchQueries: [FindingsWaiting] });
  const noteMissing = verdict === 'MISUSE' && note.trim().length < 3;

  const submit = async () => {
    setTried(true);
    if (!verdict || noteMissing) return;
    const input = { id: finding.id, expectedVersion: finding.version, verdict, note: note.trim() || null };
    // A refusal shows in the dialog.
    const done = await review({ variables: { input } }).catch(() => null);
    if (!done?.data) return;
    notifyDone(t('review.saved'));
    onReviewed();
    onClose();
  };

  return (
    <FormDialog
      title={t('snooping.reviewTitle')}
      confirmLabel={t('snooping.save')}
      busy={loading}
      fault={error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm">
        {finding.person.name} · {t(`snooping.rules.${finding.rule}`)} · {t('snooping.count', { count: finding.count })}
      </Text>
      <Radio.Group
        label={t('snooping.verdict')}
        required
        value={verdict}
        onChange={(value) => setVerdict(value as SnoopingVerdict)}
        error={tried && !verdict ? t('snooping.verdictNeeded') : undefined}
      >
        <Stack gap="xs" mt="xs">
          {verdicts.map((value) => (
            <Radio
              key={value}
              value={value}
              label={t(`snooping.status.${value}`)}
              description={t(`snooping.means.${value}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={t('review.noteLabel')}
        description={t('snooping.noteHint')}
        required={verdict === 'MISUSE'}
        autosize
        minRows={3}
        maxLength={2000}
        value={note}
        error={tried && noteMissing ? t('snooping.noteNeeded') : undefined}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
