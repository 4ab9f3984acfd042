import { NumberInput, Radio, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Reach } from './client-values';
import type { Scope } from './scope-choice';
import { ScopeFields } from './ScopeFields';
import type { ClientForm } from './use-client-form';

interface Props {
  form: ClientForm;
  scopes: readonly Scope[];
  /** How many patients are listed now, where there is a list that may stay. */
  listed?: number;
}

/** What is said of another system: its name, what it may do, for whom and how much. */
export function ClientFields({ form: { values, errors, put }, scopes, listed }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        id="api-client-name"
        label={t('apiClients.name')}
        description={t('apiClients.nameHint')}
        required
        data-autofocus
        autoComplete="off"
        maxLength={100}
        value={values.name}
        error={errors.name}
        onChange={(event) => put({ name: event.currentTarget.value })}
      />
      <ScopeFields
        scopes={scopes}
        choice={values.choice}
        error={errors.scopes}
        onChange={(choice) => put({ choice })}
      />
      <Radio.Group
        label={t('apiClients.reach')}
        value={values.reach}
        onChange={(reach) => put({ reach: reach as Reach })}
      >
        <Stack gap={6} mt={6}>
          {listed === undefined ? null : <Radio value="asNow" label={t('apiClients.listedNow', { count: listed })} />}
          <Radio value="all" label={t('apiClients.everybody')} />
          <Radio value="listed" label={t('apiClients.patients')} />
        </Stack>
      </Radio.Group>
      {values.reach === 'listed' ? (
        <Textarea
          id="api-client-patientIds"
          label={t('apiClients.patientIds')}
          description={t('apiClients.patientsHint')}
          autosize
          minRows={2}
          maxRows={6}
          value={values.patients}
          error={errors.patientIds}
          onChange={(event) => put({ patients: event.currentTarget.value })}
        />
      ) : null}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label={t('apiClients.requests')}
          min={1}
          max={60_000}
          allowDecimal={false}
          value={values.requestsPerMinute}
          error={errors.requestsPerMinute}
          onChange={(value) => put({ requestsPerMinute: Number(value) || 1 })}
        />
        <NumberInput
          label={t('apiClients.cost')}
          min={1}
          max={10_000_000}
          allowDecimal={false}
          value={values.costPerMinute}
          error={errors.costPerMinute}
          onChange={(value) => put({ costPerMinute: Number(value) || 1 })}
        />
      </SimpleGrid>
    </>
  );
}
