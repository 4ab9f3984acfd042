import { useApolloClient, useSubscription } from '@apollo/client/react';
import { Alert, Button, Group, Text } from '@mantine/core';
import { useDocumentVisibility } from '@mantine/hooks';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';

export const RecordChanged = graphql(`
  subscription RecordChanged($patientId: ID!) {
    patientChanged(patientId: $patientId, byOthers: true) {
      id
    }
  }
`);

interface Props {
  patientId: string;
  /** A form is open: what is typed there stays, and saving it shows both versions. */
  editing: boolean;
}

/** Says that somebody else has just changed the record that is open. */
export function ChangedNotice({ patientId, editing }: Props) {
  const { t } = useTranslation();
  const client = useApolloClient();
  const hidden = useDocumentVisibility() === 'hidden';
  const [changed, setChanged] = useState(false);
  const [loading, setLoading] = useState(false);
  useSubscription(RecordChanged, {
    variables: { patientId },
    fetchPolicy: 'no-cache', // a newer version in the cache would make an older form pass for up to date
    skip: hidden,
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      if (data?.patientChanged) setChanged(true);
    },
  });
  const refresh = async () => {
    setLoading(true);
    await client.refetchQueries({ include: 'active' }).catch(() => undefined);
    setLoading(false);
    setChanged(false);
  };
  return (
    <div role="status" aria-live="polite">
      {changed ? (
        <Alert color="blue" variant="light" py="xs" mb="md">
          <Group justify="space-between" gap="sm">
            <Text size="sm">{editing ? t('patient.changedWhileEditing') : t('patient.changedByOthers')}</Text>
            {editing ? null : (
              <Button
                size="compact-sm"
                mih={28}
                variant="default"
                loading={loading}
                leftSection={<IconRefresh size={14} aria-hidden />}
                onClick={() => void refresh()}
              >
                {t('patient.refresh')}
              </Button>
            )}
          </Group>
        </Alert>
      ) : null}
    </div>
  );
}
