import {
  AppShell,
  Burger,
  Button,
  Center,
  Container,
  Group,
  Loader,
  ScrollArea,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LogAlarms } from '../features/audit/LogAlarms';
import { SignInPage } from '../features/signin/SignInPage';
import { quickSearch } from '../features/patients/quick-search';
import { QuickSearch } from '../features/patients/QuickSearch';
import { refresh } from '../session/session';
import { useMay, useSession } from '../session/use-session';
import { FaultNotice } from '../ui/FaultNotice';
import { Fault } from '../session/fault';
import classes from './AppFrame.module.css';
import { Brand } from './Brand';
import { IdleWarning } from './IdleWarning';
import { Navigation } from './Navigation';
import { OfflineNotice } from './OfflineNotice';
import { PersonMenu } from './PersonMenu';
import { StepUpDialog } from './StepUpDialog';

// Few ever see it, and it brings what draws QR codes.
const EnrolPage = lazy(() =>
  import('../features/second-factor/EnrolPage').then((page) => ({ default: page.EnrolPage })),
);

/** The house around every page behind the sign-in: header, navigation, search, idle warning. */
export function AppFrame() {
  const session = useSession();
  const { t } = useTranslation();
  if (session.status === 'starting') {
    return (
      <Center h="100vh">
        <Loader aria-label={t('common.loading')} />
      </Center>
    );
  }
  if (session.status === 'unreachable') {
    return (
      <Container size="xs" py={80} component="main">
        <Title order={1} mb="md">
          Chartseal
        </Title>
        <FaultNotice error={new Fault('OFFLINE')} onRetry={() => void refresh()} />
      </Container>
    );
  }
  if (session.status === 'signedOut') return <SignInPage reason={session.reason} />;
  if (!session.me.mustEnrol) return <SignedInFrame />;
  return (
    <Suspense>
      <EnrolPage />
    </Suspense>
  );
}

function SignedInFrame() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  // The menu belongs to the page it was opened on: going elsewhere closes it.
  const [openedOn, setOpenedOn] = useState<string | null>(null);
  const opened = openedOn === pathname;
  const mayFind = useMay('PATIENT_READ');
  useEffect(() => {
    window.scrollTo(0, 0);
    // The menu closes when the page changes, not when the handlers do.
  }, [pathname]);

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a href="#content" className="skip-link">
        {t('shell.skip')}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={() => setOpenedOn(opened ? null : pathname)}
              hiddenFrom="md"
              size="sm"
              aria-label={t('shell.menu')}
              aria-expanded={opened}
            />
            <UnstyledButton component={Link} to="/" aria-label={t('shell.home')}>
              <Brand />
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {mayFind ? (
              <Button
                variant="default"
                leftSection={<IconSearch size={16} aria-hidden />}
                onClick={quickSearch.open}
                aria-label={t('shell.find')}
                className={classes.search}
              >
                <Text size="sm" c="dimmed" visibleFrom="sm">
                  {t('shell.find')}
                </Text>
                <Text size="xs" c="dimmed" visibleFrom="sm" ml="lg" className={classes.keys}>
                  Ctrl K
                </Text>
              </Button>
            ) : null}
            <PersonMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.navbar} aria-label={t('shell.navigation')}>
        <AppShell.Section grow component={ScrollArea}>
          <Navigation />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <p className="print-notice">{t('print.unprepared')}</p>
        <OfflineNotice />
        <LogAlarms />
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
      {mayFind ? <QuickSearch /> : null}
      <StepUpDialog />
      <IdleWarning />
    </AppShell>
  );
}
