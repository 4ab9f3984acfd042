import { useMutation } from '@apollo/client/react';
import { Button, Group } from '@mantine/core';
import { IconKey, IconListSearch, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { ResealRecords, RotateIndexKey, RotateKeys } from './documents';

const tasks = [
  { key: 'rotate', icon: IconKey },
  { key: 'reseal', icon: IconRefresh },
  { key: 'reindex', icon: IconListSearch },
] as const;

type Task = (typeof tasks)[number]['key'];

/** What may be done with all keys at once; one at a time, while the hospital works on. */
export function KeyActions({ running, onStarted }: { running: boolean; onStarted: () => void }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Task | null>(null);
  const [rotate] = useMutation(RotateKeys);
  const [reseal] = useMutation(ResealRecords);
  const [reindex] = useMutation(RotateIndexKey);
  const start = { rotate, reseal: () => reseal({ variables: { input: {} } }), reindex };
  return (
    <>
      <Group gap="sm" role="group" aria-label={t('keys.actions')}>
        {tasks.map(({ key, icon: Glyph }) => (
          <Button
            key={key}
            variant="default"
            leftSection={<Glyph size={18} aria-hidden />}
            disabled={running}
            onClick={() => setAsking(key)}
          >
            {t(`keys.${key}.action`)}
          </Button>
        ))}
      </Group>
      {asking ? (
        <ReasonDialog
          opened
          askReason={false}
          onClose={() => setAsking(null)}
          title={t(`keys.${asking}.action`)}
          text={t(`keys.${asking}.text`)}
          confirmLabel={t(`keys.${asking}.confirm`)}
          onConfirm={async () => {
            await start[asking]();
            onStarted();
          }}
        />
      ) : null}
    </>
  );
}
