import { useMutation } from '@apollo/client/react';
import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReviewVerdict } from '../../gql/graphql';
import { FormDialog } from '../../ui/FormDialog';
import { formatDateTime } from '../../ui/format';
import { notifyDone } from '../../ui/notify';
import { GrantsWaiting, ReviewBreakGlass } from './documents';
import type { Grant } from './ReviewPage';

interface Props {
  grant: Grant;
  verdict: ReviewVerdict;
  onClose: () => void;
  onReviewed: () => void;
}

/** One verdict, with a note; to question without a word would help nobody. */
export function ReviewDialog({ grant, verdict, onClose, onReviewed }: Props) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const [review, { loading, error }] = useMutation(ReviewBreakGlass, { refetchQueries: [GrantsWaiting] });
  const questions = verdict === 'QUESTIONED';

  const submit = async () => {
    if (questions && note.trim().length < 3) return setMissing(true);
    const input = { id: grant.id, verdict, note: note.trim() || null };
    // A refusal shows in the dialog.
    const done = await review({ variables: { input } }).catch(() => null);
    if (!done?.data) return;
    notifyDone(t('review.saved'));
    onReviewed();
    onClose();
  };

  return (
    <FormDialog
      title={t(questions ? 'review.questionTitle' : 'review.approveTitle')}
      confirmLabel={t(questions ? 'review.question' : 'review.appropriate')}
      busy={loading}
      fault={error}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm">
        {grant.user.name} · {formatDateTime(grant.startedAt)} · {t(`breakGlass.reasons.${grant.reason}`)}
      </Text>
      <Textarea
        label={t('review.noteLabel')}
        description={t('review.noteHint')}
        data-autofocus
        required={questions}
        autosize
        minRows={3}
        maxLength={2000}
        value={note}
        error={missing ? t('review.noteNeeded') : undefined}
        onChange={(event) => {
          setNote(event.currentTarget.value);
          setMissing(false);
        }}
      />
    </FormDialog>
  );
}
