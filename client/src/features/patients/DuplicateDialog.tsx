import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DuplicateCheckQuery } from '../../gql/graphql';
import { formatDate, patientName } from '../../ui/format';

export type Candidate = DuplicateCheckQuery['patients']['edges'][number]['node'];

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
    <Modal
      opened
      onClose={onClose}
      title={t('duplicate.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text size="sm">{t('duplicate.text')}</Text>
        <List listStyleType="none" spacing="xs">
          {candidates.map((one) => (
            <List.Item key={one.id}>
              <Group justify="space-between" gap="sm">
                <div>
                  <Text fw={600}>{patientName(one.name)}</Text>
                  <Text size="sm" c="dimmed">
                    {formatDate(one.birthDate)} · {t(`gender.${one.gender}`)} · {t('patient.mrn')} {one.mrn}
                  </Text>
                </div>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => onOpen(one.id)}
                  aria-label={`${t('duplicate.open')}: ${patientName(one.name)}, ${t('patient.mrn')} ${one.mrn}`}
                >
                  {t('duplicate.open')}
                </Button>
              </Group>
            </List.Item>
          ))}
        </List>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('duplicate.back')}
          </Button>
          <Button onClick={onRegister}>{t('duplicate.register')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
