import { Checkbox, Group, Paper, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Scope, ScopeChoice } from './scope-choice';

interface Props {
  scopes: readonly Scope[];
  choice: ScopeChoice;
  error?: string;
  onChange: (choice: ScopeChoice) => void;
}

/** What another system may do, to be ticked; a scope that can be narrowed opens its fields below it. */
export function ScopeFields({ scopes, choice, error, onChange }: Props) {
  const { t } = useTranslation();
  const put = (name: string, groups: readonly string[] | null) => {
    const { [name]: _before, ...others } = choice;
    onChange(groups ? { ...others, [name]: groups } : others);
  };
  return (
    <Stack gap="xs" role="group" aria-label={t('apiClients.scopes')}>
      <Text size="sm" fw={500}>
        {t('apiClients.scopes')}
      </Text>
      {error ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      ) : null}
      {scopes.map((scope) => (
        <OneScope key={scope.name} scope={scope} chosen={choice[scope.name]} onChange={(to) => put(scope.name, to)} />
      ))}
    </Stack>
  );
}

interface OneProps {
  scope: Scope;
  chosen: readonly string[] | undefined;
  onChange: (groups: readonly string[] | null) => void;
}

function OneScope({ scope: { name, groups }, chosen, onChange }: OneProps) {
  const { t } = useTranslation();
  return (
    <Paper p="sm" withBorder>
      <Checkbox
        label={t(`scope.${name.replace('.', '_') as 'patient_read'}`, { defaultValue: name })}
        description={name}
        checked={chosen !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? groups : null)}
      />
      {chosen && groups.length > 0 ? (
        <Checkbox.Group
          mt="sm"
          ml={30}
          size="sm"
          label={t('apiClients.fields')}
          value={[...chosen]}
          onChange={(value) => onChange(groups.filter((group) => value.includes(group)))}
        >
          <Group gap="sm" mt={6}>
            {groups.map((group) => (
              <Checkbox
                key={group}
                value={group}
                size="sm"
                label={t(`columnGroup.${group as 'name'}`, { defaultValue: group })}
              />
            ))}
          </Group>
        </Checkbox.Group>
      ) : null}
    </Paper>
  );
}
