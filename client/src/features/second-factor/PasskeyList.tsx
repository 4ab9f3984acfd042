import { useMutation } from '@apollo/client/react';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { MySecondFactorQuery } from '../../gql/graphql';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime } from '../../ui/format';
import { notifyDone } from '../../ui/notify';
import { RemovePasskey, RenamePasskey } from './documents';

type Passkey = NonNullable<MySecondFactorQuery['me']>['secondFactor']['passkeys'][number];

interface Props {
  passkeys: readonly Passkey[];
  onAdd: () => void;
  onChanged: () => void;
}

/** One's passkeys: what each is called, when it was last used; renaming and removing. */
export function PasskeyList({ passkeys, onAdd, onChanged }: Props) {
  const { t } = useTranslation();
  const [renaming, setRenaming] = useState<string | null>(null);
  const [remove, { error }] = useMutation(RemovePasskey);
  const removeOne = async (id: string) => {
    await remove({ variables: { input: { id } } });
    notifyDone(t('passkey.removed'));
    onChanged();
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t('passkey.title')}</Text>
        <Button size="compact-sm" mih={28} variant="default" onClick={onAdd}>
          {t('passkey.add')}
        </Button>
      </Group>
      {error ? <FaultNotice error={error} /> : null}
      {passkeys.length === 0 ? (
        <Text size="xs" c="dimmed">
          {t('passkey.none')}
        </Text>
      ) : null}
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('passkey.title')}>
        {passkeys.map((passkey) => (
          <Group component="li" key={passkey.id} justify="space-between" gap="sm">
            {renaming === passkey.id ? (
              <Rename
                passkey={passkey}
                onDone={() => {
                  setRenaming(null);
                  onChanged();
                }}
              />
            ) : (
              <>
                <div style={{ minWidth: 0 }}>
                  <Text size="sm" truncate>
                    {passkey.name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {passkey.lastUsedAt
                      ? t('profile.lastUsed', { when: formatDateTime(passkey.lastUsedAt) })
                      : t('passkey.added', { when: formatDateTime(passkey.createdAt) })}
                  </Text>
                </div>
                <Group gap="xs">
                  <Button
                    size="compact-sm"
                    mih={28}
                    variant="default"
                    aria-label={t('passkey.renameOne', { name: passkey.name })}
                    onClick={() => setRenaming(passkey.id)}
                  >
                    {t('passkey.rename')}
                  </Button>
                  <Button
                    size="compact-sm"
                    mih={28}
                    variant="default"
                    aria-label={t('passkey.removeOne', { name: passkey.name })}
                    onClick={() => void removeOne(passkey.id).catch(() => undefined)}
                  >
                    {t('factor.remove')}
                  </Button>
                </Group>
              </>
            )}
          </Group>
        ))}
      </Stack>
    </Stack>
  );
}

function Rename({ passkey, onDone }: { passkey: Passkey; onDone: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(passkey.name);
  const [rename, { loading, error }] = useMutation(RenamePasskey);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    await rename({ variables: { input: { id: passkey.id, name: name.trim() } } });
    onDone();
  };
  return (
    <form
      noValidate
      aria-label={t('passkey.renameOne', { name: passkey.name })}
      style={{ flex: 1 }}
      // A refusal shows below the field.
      onSubmit={(event) => void submit(event).catch(() => undefined)}
    >
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          label={t('passkey.name')}
          autoFocus
          required
          maxLength={60}
          style={{ flex: 1 }}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={loading}>
          {t('common.save')}
        </Button>
      </Group>
      {error ? <FaultNotice error={error} /> : null}
    </form>
  );
}
