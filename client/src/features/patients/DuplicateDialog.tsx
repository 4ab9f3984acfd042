import { Badge, Button, Group, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import type { SimilarPatientsQuery } from '../../gql/graphql';
import { formatDate, patientName } from '../../ui/format';
import { ConfidentialBadge } from './ConfidentialBadge';

export type Candidate = SimilarPatientsQuery['similarPatients'][number];

interface Props {
  candidates: Candidate[];
  onRegister: () => void;
  onOpen: (patientId: string) => void;
  onClose: () => void;
}

/** Somebody like this is registered already: open that record, or register another person on purpose. */
export function DuplicateDialog({ candidates, onRegister, onOpen, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog opened onClose={onClose} title={t('duplicate.title')} size="lg">
      <Stack>
        <Text size="sm">{t('duplicate.text')}</Text>
        <List
          listStyleType="none"
          spacing="md"
          styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}
        >
          {candidates.map(({ patient, because }) => (
            <List.Item key={patient.id}>
              <Group justify="space-between" gap="sm">
                <div>
                  <Group gap="2px 8px">
                    <Text fw={600}>{patientName(patient.name)}</Text>
                    <ConfidentialBadge patient={patient} />
                  </Group>
                  <Text size="sm" c="dimmed">
                    {formatDate(patient.birthDate)} · {t(`gender.${patient.gender}`)} · {t('patient.mrn')} {patient.mrn}
                  </Text>
                  <Group gap={4} mt={4}>
                    {because.map((likeness) => (
                      <Badge key={likeness} color="orange">
                        {t(`duplicate.because.${likeness}`)}
                      </Badge>
                    ))}
                  </Group>
                </div>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => onOpen(patient.id)}
                  aria-label={`${t('duplicate.open')}: ${patientName(patient.name)}, ${t('patient.mrn')} ${patient.mrn}`}
                >
                  {t('duplicate.open')}
                </Button>
              </Group>
            </List.Item>
          ))}
        </List>
        <Group justify="flex-end" mt="sm">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('duplicate.back')}
          </Button>
          <Button onClick={onRegister}>{t('duplicate.register')}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
