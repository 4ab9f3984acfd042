import { Paper, Text } from '@mantine/core';
import { IconLock, IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Brand } from '../../shell/Brand';
import classes from './EntranceFrame.module.css';

/** The page before the house: brand, promises, and a card to sign in or set a password. */
export function EntranceFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={classes.frame}>
      <main className={classes.column}>
        <Brand />
        <Paper p="xl" shadow="sm" mt="lg" bg="var(--chartseal-surface)">
          {children}
        </Paper>
        <ul className={classes.promises}>
          <li>
            <IconLock size={16} aria-hidden />
            <Text size="xs">{t('signIn.promiseSealed')}</Text>
          </li>
          <li>
            <IconShieldCheck size={16} aria-hidden />
            <Text size="xs">{t('signIn.promiseLogged')}</Text>
          </li>
        </ul>
      </main>
    </div>
  );
}
