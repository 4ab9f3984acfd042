import { Checkbox, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Scope, ScopeChoice } from './scope-choice';

interface Props {
  scopes: readonly Scope[];
  choice: ScopeChoice;
  error?: string;
  onChange: (choice: ScopeChoice) => void;
}

/** What another system may do, to be ticked; a scope that can be narrowed opens its fields below it, none of them ticked. */
export function ScopeFields({ scopes, choice, error, onChange }: Props) {
  const { t } = useTranslation();
  const put = (name: string, groups: readonly string[] | null) => {
    const { [name]: _before, ...others } = choice;
    onChange(groups ? { ...others, [name]: groups } : others);
  };
  return (
    <Stack gap="xs" id="api-client-scopes" tabIndex={-1} role="group" aria-label={t('apiClients.scopes')}>
      <Text size="sm" fw={600}>
        {t('apiClients.scopes')}
      </Text>
      {error ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      ) : null}
      {scopes.map((scope) => (
        <OneScope
          key={scope.name}
          scope={scope}
          chosen={choice[scope.name]}
          incomplete={error !== undefined}
          onChange={(to) => put(scope.name, to)}
        />
      ))}
    </Stack>
  );
}

interface OneProps {
  scope: Scope;
  chosen: readonly string[] | undefined;
  incomplete: boolean;
  onChange: (groups: readonly string[] | null) => void;
}

function OneScope({ scope: { name, groups }, chosen, incomplete, onChange }: OneProps) {
  const { t } = useTranslation();
  return (
    <Paper p="sm" withBorder>
      <Checkbox
        label={t(`scope.${name.replace('.', '_') as 'patient_read'}`, { defaultValue: name })}
        description={name}
        checked={chosen !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? [] : null)}
      />
      {chosen && groups.length > 0 ? (
        <Checkbox.Group
          mt="sm"
          ml={32}
          label={t('apiClients.fields')}
          error={incomplete && chosen.length === 0 ? t('apiClients.noFields') : undefined}
          value={chosen.length === groups.length ? [...chosen, ALL] : [...chosen]}
          onChange={(value) => onChange(afterTick(groups, chosen, value))}
        >
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="sm" verticalSpacing={6} my={6}>
            <Checkbox
              value={ALL}
              size="sm"
              label={t('apiClients.allFields')}
              indeterminate={chosen.length > 0 && chosen.length < groups.length}
            />
            {groups.map((group) => (
              <Checkbox
                key={group}
                value={group}
                size="sm"
                label={t(`columnGroup.${group as 'name'}`, { defaultValue: group })}
              />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      ) : null}
    </Paper>
  );
}

/** The box that stands for every field. */
const ALL = '*';

/** What is chosen after one box was ticked or cleared: that of all fields moves the others with it. */
function afterTick(groups: readonly string[], before: readonly string[], ticked: readonly string[]): readonly string[] {
  const whole = before.length === groups.length;
  if (ticked.includes(ALL) !== whole) return whole ? [] : groups;
  return groups.filter((group) => ticked.includes(group));
}
