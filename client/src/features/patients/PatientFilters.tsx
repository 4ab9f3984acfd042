import { Chip, Group, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Gender } from '../../gql/graphql';
import { useMe } from '../../session/use-session';
import { searchFor, type PatientSearch } from './search-state';

const genders: Gender[] = ['FEMALE', 'MALE', 'OTHER', 'UNKNOWN'];
const lives = ['any', 'living', 'deceased'] as const;

/** What is looked for, and among whom. Deleted patients are for administrators, who are on no care team. */
export function PatientFilters({ search }: { search: PatientSearch }) {
  const { t } = useTranslation();
  const role = useMe()?.role;
  const [text, setText] = useState(search.text);
  useEffect(() => setText(search.text), [search.text]);
  return (
    <Group gap="sm" align="flex-end" role="search">
      <TextInput
        label={t('patients.search')}
        description={t('patients.searchHint')}
        placeholder={t('search.placeholder')}
        leftSection={<IconSearch size={16} aria-hidden />}
        type="search"
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          searchFor({ text: event.currentTarget.value });
        }}
        flex="1 1 320px"
      />
      <Select
        label={t('patient.gender')}
        data={genders.map((gender) => ({ value: gender, label: t(`gender.${gender}`) }))}
        value={search.gender}
        placeholder={t('patients.any')}
        clearable
        clearButtonProps={{ 'aria-label': t('patients.clearGender') }}
        onChange={(value) => searchFor({ gender: value as Gender | null })}
        w={140}
      />
      <Select
        label={t('patients.life')}
        data={lives.map((life) => ({ value: life, label: t(`life.${life}`) }))}
        value={search.life}
        allowDeselect={false}
        onChange={(value) => searchFor({ life: (value ?? 'any') as PatientSearch['life'] })}
        w={130}
      />
      {role === 'ADMIN' ? (
        <Chip checked={search.deleted} onChange={(deleted) => searchFor({ deleted })} size="sm" mb={4}>
          {t('patients.deleted')}
        </Chip>
      ) : (
        <Chip checked={search.mine} onChange={(mine) => searchFor({ mine })} size="sm" mb={4}>
          {t('patients.mine')}
        </Chip>
      )}
    </Group>
  );
}
