import { useApolloClient, useFragment, useMutation } from '@apollo/client/react';
import type { FragmentType } from '@apollo/client';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowMerge } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MergePartsFragment, UnmergePatientsMutation } from '../../gql/graphql';
import { useMay } from '../../session/use-session';
import { formatDateTime } from '../../ui/format';
import { LinkAnchor } from '../../ui/links';
import { notifyDone } from '../../ui/notify';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { MergeParts, UnmergePatients } from './documents';
import { fieldLabel } from './merge-fields';

type Unmerged = UnmergePatientsMutation['unmergePatients'];

/** Says which records are part of this one, and lets the newest merge be undone; afterwards, what stayed here. */
export function MergeNotice({ patient }: { patient: FragmentType<MergePartsFragment> }) {
  const { t } = useTranslation();
  const client = useApolloClient();
  const mayMerge = useMay('PATIENT_MERGE');
  const { data, complete } = useFragment({ fragment: MergeParts, from: patient });
  const [asking, setAsking] = useState(false);
  const [undone, setUndone] = useState<Unmerged | null>(null);
  const [unmerge] = useMutation(UnmergePatients);
  if (!complete) return null;
  const [newest] = data.merges;
  return (
    <>
      {newest ? (
        <Alert
          color="blue"
          icon={<IconArrowMerge aria-hidden />}
          mb="md"
          title={t('merge.holds', { count: data.merges.length })}
        >
          <Group justify="space-between" gap="sm" align="flex-end">
            <Stack gap={2}>
              {data.merges.map(({ id, mrn, mergedAt, mergedBy }) => (
                <Text size="sm" key={id}>
                  {t('merge.from', {
                    mrn,
                    when: formatDateTime(mergedAt),
                    who: mergedBy?.name ?? t('common.unknownPerson'),
                  })}
                </Text>
              ))}
            </Stack>
            {mayMerge ? (
              <Button size="xs" variant="default" onClick={() => setAsking(true)}>
                {t('merge.undo')}
              </Button>
            ) : null}
          </Group>
        </Alert>
      ) : null}
      {undone ? <Stayed undone={undone} onClose={() => setUndone(null)} /> : null}
      {newest ? (
        <ReasonDialog
          opened={asking}
          onClose={() => setAsking(false)}
          title={`${t('merge.undo')}: ${t('patient.mrn')} ${newest.mrn}`}
          text={t('merge.undoText', { mrn: newest.mrn })}
          confirmLabel={t('merge.undo')}
          onConfirm={async (reason) => {
            const input = { mergeId: newest.id, expectedVersion: data.version, reason };
            const answer = await unmerge({ variables: { input } });
            setUndone(answer.data?.unmergePatients ?? null);
            notifyDone(t('merge.undone'));
            await client.refetchQueries({ include: 'active' });
          }}
        />
      ) : null}
    </>
  );
}

function Stayed({ undone, onClose }: { undone: Unmerged; onClose: () => void }) {
  const { t } = useTranslation();
  const { restored, fieldsStayed, visitsStayed, treatmentUpdatesStayed } = undone;
  const stayed = [
    visitsStayed > 0 ? t('merge.visitsStayed', { count: visitsStayed }) : null,
    treatmentUpdatesStayed > 0 ? t('merge.updatesStayed', { count: treatmentUpdatesStayed }) : null,
    ...fieldsStayed.map((field) => fieldLabel(field, t)),
  ].filter(Boolean);
  return (
    <Alert
      color="blue"
      icon={<IconArrowMerge aria-hidden />}
      mb="md"
      title={t('merge.undone')}
      withCloseButton
      closeButtonLabel={t('common.close')}
      onClose={onClose}
    >
      <Text size="sm">
        <LinkAnchor to="/patients/$patientId" params={{ patientId: restored.id }} size="sm">
          {t('merge.toRestored', { mrn: restored.mrn })}
        </LinkAnchor>
      </Text>
      {stayed.length > 0 ? <Text size="sm">{t('merge.stayed', { what: stayed.join(', ') })}</Text> : null}
    </Alert>
  );
}
