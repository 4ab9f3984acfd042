import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Permission } from '../../gql/graphql';
import { useMe } from '../../session/use-session';
import classes from './PatientTabs.module.css';

const tabs = [
  { to: '/patients/$patientId', key: 'summary' },
  { to: '/patients/$patientId/visits', key: 'visits' },
  { to: '/patients/$patientId/vitals', key: 'vitals' },
  { to: '/patients/$patientId/treatments', key: 'treatments' },
  { to: '/patients/$patientId/details', key: 'details' },
  { to: '/patients/$patientId/access', key: 'access', needs: 'AUDIT_READ' },
  { to: '/patients/$patientId/stored', key: 'stored', needs: 'RECORD_AS_STORED' },
] as const satisfies readonly { to: string; key: string; needs?: Permission }[];

/** Tabs that are pages: each has an address, so they are links and not buttons. */
export function PatientTabs({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const { pathname } = useLocation();
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the tabs are wider than the screen: the one that is open is scrolled into it.
    const here = row.current?.querySelector<HTMLElement>('[aria-current=page]');
    if (row.current && here)
      row.current.scrollLeft = here.offsetLeft - (row.current.clientWidth - here.offsetWidth) / 2;
  }, [pathname]);
  const open = tabs.filter((tab) => !('needs' in tab) || me?.permissions.includes(tab.needs));
  return (
    <nav ref={row} className={classes.tabs} aria-label={t('patient.tabs')}>
      {open.map((tab) => (
        <Link
          key={tab.key}
          to={tab.to}
          params={{ patientId }}
          className={classes.tab}
          activeOptions={{ exact: true }}
          activeProps={{ 'aria-current': 'page' }}
        >
          {t(`tab.${tab.key}`)}
        </Link>
      ))}
    </nav>
  );
}
