import { Button, Drawer, Group, Select, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../gql/graphql';
import { roles } from '../users/roles';
import { isSound, rareFilters, type Wanted } from './audit-filter';

interface Props {
  opened: boolean;
  onClose: () => void;
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

type TextName = Exclude<(typeof rareFilters)[number], 'role'>;
const texts = rareFilters.filter((name): name is TextName => name !== 'role');

/** Every other element an entry can be found by. */
export function MoreFilters({ opened, onClose, wanted, onChange }: Props) {
  const { t } = useTranslation();
  const fault = (name: TextName) => {
    if (isSound(name, wanted[name])) return undefined;
    return name === 'fromIndex' || name === 'toIndex' ? t('audit.notANumber') : t('validation.uuid');
  };
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title={t('audit.more')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="sm">
        <Select
          label={t('audit.role')}
          data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          value={wanted.role}
          onChange={(role) => onChange({ ...wanted, role: role as Role | null })}
          placeholder={t('patients.any')}
          clearable
          clearButtonProps={{ 'aria-label': t('audit.clearRole') }}
        />
        {texts.map((name) => (
          <TextInput
            key={name}
            label={t(`audit.by.${name}`)}
            description={name === 'field' || name === 'purpose' ? t(`audit.hint.${name}`) : undefined}
            value={wanted[name]}
            error={fault(name)}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ ...wanted, [name]: event.currentTarget.value.trim() })}
          />
        ))}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('audit.show')}</Button>
        </Group>
      </Stack>
    </Drawer>
  );
}
