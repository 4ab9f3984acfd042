import { Button, Group } from '@mantine/core';
import { IconUrgent, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay, useMe } from '../../session/use-session';
import { EmptyState } from '../../ui/EmptyState';
import { LinkButton } from '../../ui/links';
import { dropFilters, isFiltered, searchForAll, type PatientSearch } from './search-state';

/** An empty list says why it may be empty, and offers what to do about it. */
export function NobodyFound({ search }: { search: PatientSearch }) {
  const { t } = useTranslation();
  const mayRegister = useMay('PATIENT_WRITE');
  const mayBreakGlass = useMay('BREAK_GLASS');
  const asked = Boolean(search.text.trim());
  const filtered = isFiltered(search);
  const seesAll = useMe()?.role === 'ADMIN';
  const reason = asked ? t('patients.noneFoundText') : filtered ? t('patients.noneText') : t('patients.noneYetText');
  const text = asked && !seesAll ? `${reason} ${t('patients.notOthers')}` : reason;
  return (
    <EmptyState
      icon={IconUsers}
      title={asked ? t('patients.noneFound') : t('patients.none')}
      text={text}
      action={
        <Group justify="center" gap="sm" mt={4}>
          {asked && filtered ? <Button onClick={dropFilters}>{t('patients.withoutFilters')}</Button> : null}
          {asked || filtered ? (
            <Button variant="default" onClick={searchForAll}>
              {t('patients.clear')}
            </Button>
          ) : null}
          {asked && mayBreakGlass ? (
            <LinkButton
              to="/emergency"
              variant="default"
              leftSection={<IconUrgent size={18} aria-hidden />}
              // too long for one line of a small phone
              maw="100%"
              h="auto"
              mih={36}
              styles={{ label: { whiteSpace: 'normal' } }}
            >
              {t('breakGlass.byMrn')}
            </LinkButton>
          ) : null}
          {mayRegister ? (
            <LinkButton to="/patients/new" variant="default" leftSection={<IconUserPlus size={18} aria-hidden />}>
              {t('patients.register')}
            </LinkButton>
          ) : null}
        </Group>
      }
    />
  );
}
