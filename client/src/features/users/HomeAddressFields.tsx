import { Fieldset, Group, Text, TextInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { HomeAddress } from './home-address';

interface Props {
  value: HomeAddress;
  disabled?: boolean;
  onChange: (value: HomeAddress) => void;
}

/** Where a member of staff lives: compared, sealed, with where patients live. */
export function HomeAddressFields({ value, disabled = false, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t('users.homeAddress')} disabled={disabled}>
      <Text size="sm" c="dimmed" mb="xs">
        {t('users.homeAddressHint')}
      </Text>
      <Textarea
        label={t('patientForm.street')}
        autoComplete="off"
        autosize
        minRows={1}
        value={value.line}
        onChange={(event) => onChange({ ...value, line: event.currentTarget.value })}
      />
      <Group grow mt="xs" align="flex-start">
        <TextInput
          label={t('patientForm.postalCode')}
          autoComplete="off"
          maxLength={20}
          value={value.postalCode}
          onChange={(event) => onChange({ ...value, postalCode: event.currentTarget.value })}
        />
        <TextInput
          label={t('patientForm.city')}
          autoComplete="off"
          maxLength={100}
          value={value.city}
          onChange={(event) => onChange({ ...value, city: event.currentTarget.value })}
        />
      </Group>
    </Fieldset>
  );
}
