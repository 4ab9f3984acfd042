import { useFragment } from '@apollo/client/react';
import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../ui/Fact';
import { formatDate, formatDateTime } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { DetailsParts } from './fragments';
import { usePatient } from './patient-context';

/** Who the patient is and how to reach them and theirs. */
export function DetailsTab() {
  const { t } = useTranslation();
  const { data, complete } = useFragment({ fragment: DetailsParts, from: usePatient() });
  if (!complete) return null;
  const { address, emergencyContact: contact } = data;
  const place = [address?.postalCode, address?.city].filter(Boolean).join(' ');
  const written = address ? [...address.line, place, address.state, address.country].filter(Boolean).join('\n') : null;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Panel title={t('patientForm.person')}>
        <Facts>
          <Fact label={t('patientForm.family')}>{data.name.family}</Fact>
          <Fact label={t('patientForm.given')}>{data.name.given.join(' ')}</Fact>
          <Fact label={t('patientForm.prefix')}>{data.name.prefix}</Fact>
          <Fact label={t('patientForm.birthDate')}>{formatDate(data.birthDate)}</Fact>
          <Fact label={t('patient.gender')}>{t(`gender.${data.gender}`)}</Fact>
          <Fact label={t('patient.mrn')}>{data.mrn}</Fact>
          {data.deceasedAt ? <Fact label={t('patientForm.deceasedAt')}>{formatDateTime(data.deceasedAt)}</Fact> : null}
        </Facts>
      </Panel>
      <Panel title={t('patientForm.contact')}>
        <Facts>
          <Fact label={t('patientForm.phone')}>{data.phone}</Fact>
          <Fact label={t('patientForm.email')}>{data.email}</Fact>
          <Fact label={t('patient.address')}>{written}</Fact>
        </Facts>
      </Panel>
      <Panel title={t('patientForm.emergency')}>
        <Facts>
          <Fact label={t('patientForm.contactName')}>{contact?.name}</Fact>
          <Fact label={t('patientForm.relationship')}>{contact?.relationship}</Fact>
          <Fact label={t('patientForm.contactPhone')}>{contact?.phone}</Fact>
        </Facts>
      </Panel>
      <Panel title={t('patient.identifiers')}>
        <Facts columns={1}>
          {data.identifiers.length === 0 ? <Fact label={t('patientForm.identifier')} /> : null}
          {data.identifiers.map((one) => (
            <Fact key={`${one.system} ${one.value}`} label={one.system}>
              {one.value}
            </Fact>
          ))}
        </Facts>
      </Panel>
      <Panel title={t('patient.recordData')}>
        <Facts>
          <Fact label={t('patient.registered')}>{formatDateTime(data.createdAt)}</Fact>
          <Fact label={t('patient.changed')}>{formatDateTime(data.updatedAt)}</Fact>
          <Fact label={t('patient.version')}>{data.version}</Fact>
        </Facts>
      </Panel>
    </SimpleGrid>
  );
}
