import { useMutation } from '@apollo/client/react';
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReviewVerdict } from '../../gql/graphql';
import { FaultNotice } from '../../ui/FaultNotice';
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

  const submit = async (event: FormEvent) => {
    event.preventDefault();
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
    <Modal
      opened
      onClose={onClose}
      title={t(questions ? 'review.questionTitle' : 'review.approveTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text size="sm">
            {grant.user.name} · {formatDateTime(grant.startedAt)} · {t(`breakGlass.reasons.${grant.reason}`)}
          </Text>
          {error ? <FaultNotice error={error} takeFocus /> : null}
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
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={loading}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={loading}>
              {t(questions ? 'review.question' : 'review.appropriate')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
