import { Button, Group, Paper, TextInput } from '@mantine/core';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../session/use-session';
import { searchFor, searchForAll } from '../patients/search-state';
import { LinkButton } from '../../ui/links';

/** The search comes first on every shift. What is typed stays in memory, out of the address. */
export function FindPatient() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayRegister = useMay('PATIENT_WRITE');
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    searchForAll();
    searchFor({ text: text.trim() });
    void navigate({ to: '/patients' });
  };
  return (
    <Paper p="md" bg="var(--chartseal-surface)">
      <form onSubmit={submit} role="search" aria-label={t('shell.find')}>
        <Group gap="sm" align="flex-end">
          <TextInput
            label={t('shell.find')}
            placeholder={t('search.placeholder')}
            leftSection={<IconSearch size={18} aria-hidden />}
            type="search"
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            flex="1 1 260px"
          />
          <Button type="submit">{t('search.button')}</Button>
          {mayRegister ? (
            <LinkButton to="/patients/new" variant="default" leftSection={<IconUserPlus size={18} aria-hidden />}>
              {t('patients.register')}
            </LinkButton>
          ) : null}
        </Group>
      </form>
    </Paper>
  );
}
