import { SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMay, useMe } from '../../session/use-session';
import { Fact, Facts } from '../../ui/Fact';
import { PageHeading } from '../../ui/PageHeading';
import { Panel } from '../../ui/Panel';
import { AuditEntries } from '../audit/AuditEntries';
import { SecondFactorPanel } from '../second-factor/SecondFactorPanel';
import { AppearancePanel } from './AppearancePanel';
import { PasswordPanel } from './PasswordPanel';
import { SessionsPanel } from './SessionsPanel';

/** One's own account: who one is, how it looks, password, sessions, and what one did. */
export function ProfilePage() {
  const { t } = useTranslation();
  const me = useMe();
  const maySeeLog = useMay('AUDIT_READ');
  if (!me) return null;
  return (
    <>
      <PageHeading title={t('profile.title')} />
      <Stack>
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <Panel title={t('profile.person')}>
            <Facts>
              <Fact label={t('users.name')}>{me.name}</Fact>
              <Fact label={t('users.role')}>{t(`role.${me.role}`)}</Fact>
              <Fact label={t('signIn.email')}>{me.email}</Fact>
            </Facts>
          </Panel>
          <AppearancePanel />
          <SecondFactorPanel />
          <PasswordPanel />
        </SimpleGrid>
        <SessionsPanel />
        {maySeeLog ? (
          <Panel title={t('profile.activity')}>
            <AuditEntries filter={{ actorId: me.id }} />
          </Panel>
        ) : null}
      </Stack>
    </>
  );
}
