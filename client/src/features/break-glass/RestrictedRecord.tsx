import { useQuery } from '@apollo/client/react';
import { Badge, Button, Group, Paper, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconLock, IconUrgent } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../ui/links';
import { PageHeading } from '../../ui/PageHeading';
import { BreakGlassForm } from './BreakGlassForm';
import { ExplainAccess } from './documents';

interface Props {
  patientId: string;
  /** The record can be read from now on. */
  onOpened: () => void;
}

/** All that is shown of a patient in the care of others: that there is a record, who can let one in, and the glass. */
export function RestrictedRecord({ patientId, onOpened }: Props) {
  const { t } = useTranslation();
  const [breaking, setBreaking] = useState(false);
  const { data } = useQuery(ExplainAccess, { variables: { patientId }, fetchPolicy: 'network-only' });
  const access = data?.explainAccess;
  if (breaking) {
    return <BreakGlassForm patientId={patientId} onOpened={onOpened} onCancel={() => setBreaking(false)} />;
  }
  return (
    <>
      <PageHeading title={t('noAccess.title')} />
      <Paper p="lg" bg="var(--chartseal-surface)" maw={640}>
        <Stack gap="lg">
          <Group wrap="nowrap" align="flex-start" gap="md">
            <ThemeIcon size={44} radius="xl" variant="light" color="gray" aria-hidden>
              <IconLock size={22} />
            </ThemeIcon>
            <div>
              <Text fw={650} size="lg">
                {t('noAccess.patient')}
              </Text>
              <Text size="sm" c="dimmed">
                {t('breakGlass.restricted')}
              </Text>
            </div>
          </Group>
          {access ? <WhoHelps people={access.grantedBy} /> : null}
          <Group gap="sm">
            {access?.mayBreakGlass ? (
              <Button
                color="orange"
                variant="light"
                leftSection={<IconUrgent size={18} aria-hidden />}
                onClick={() => setBreaking(true)}
              >
                {t('breakGlass.action')}…
              </Button>
            ) : null}
            <LinkButton to="/" variant="default">
              {t('notFound.home')}
            </LinkButton>
          </Group>
        </Stack>
      </Paper>
    </>
  );
}

interface Colleague {
  id: string;
  name: string;
  role: 'ADMIN' | 'DOCTOR' | 'CLINICIAN' | 'NURSE' | 'AUDITOR' | 'INTEGRATION';
}

function WhoHelps({ people }: { people: Colleague[] }) {
  const { t } = useTranslation();
  if (people.length === 0) return <Text size="sm">{t('breakGlass.helpsNobody')}</Text>;
  return (
    <div>
      <Text size="sm" fw={600} mb={6} id="who-helps">
        {t('breakGlass.helps')}
      </Text>
      <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: 'none' }} aria-labelledby="who-helps">
        {people.map((person) => (
          <Group component="li" key={person.id} gap="xs">
            <Text size="sm">{person.name}</Text>
            <Badge color="gray">{t(`role.${person.role}`)}</Badge>
            {person.role === 'ADMIN' ? null : <Badge color="seal">{t('breakGlass.onTeam')}</Badge>}
          </Group>
        ))}
      </Stack>
    </div>
  );
}
