import { Badge, NavLink, Stack } from '@mantine/core';
import {
  IconCode,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconPill,
  IconPlugConnected,
  IconUrgent,
  IconUserCog,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Permission } from '../gql/graphql';
import { useGrantsWaiting } from '../features/break-glass/WaitingCard';
import { useMay, useMe } from '../session/use-session';

interface Place {
  to: '/' | '/patients' | '/treatments' | '/audit' | '/reviews' | '/users' | '/api-clients' | '/keys';
  key: 'dashboard' | 'patients' | 'treatments' | 'audit' | 'reviews' | 'users' | 'apiClients' | 'keys';
  icon: Icon;
  needs?: Permission;
}

const places: Place[] = [
  { to: '/', key: 'dashboard', icon: IconLayoutDashboard },
  { to: '/patients', key: 'patients', icon: IconUsers, needs: 'PATIENT_READ' },
  { to: '/treatments', key: 'treatments', icon: IconPill, needs: 'TREATMENT_WRITE' },
  { to: '/audit', key: 'audit', icon: IconHistory, needs: 'AUDIT_READ' },
  { to: '/reviews', key: 'reviews', icon: IconUrgent, needs: 'BREAK_GLASS_REVIEW' },
  { to: '/users', key: 'users', icon: IconUserCog, needs: 'USER_MANAGE' },
  { to: '/api-clients', key: 'apiClients', icon: IconPlugConnected, needs: 'API_CLIENT_MANAGE' },
  { to: '/keys', key: 'keys', icon: IconKey, needs: 'KEYS_MANAGE' },
];

export function Navigation() {
  const { t } = useTranslation();
  const me = useMe();
  const { pathname } = useLocation();
  const { waiting } = useGrantsWaiting(!useMay('BREAK_GLASS_REVIEW'));
  const open = places.filter((place) => !place.needs || me?.permissions.includes(place.needs));
  return (
    <Stack gap={2}>
      {open.map(({ to, key, icon: Glyph }) => {
        const here = to === '/' ? pathname === '/' : pathname.startsWith(to);
        return (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={t(`nav.${key}`)}
            rightSection={
              key === 'reviews' && waiting > 0 ? (
                <Badge color="orange" circle aria-label={t('review.waiting', { count: waiting })}>
                  {waiting}
                </Badge>
              ) : null
            }
            leftSection={<Glyph size={18} stroke={1.7} aria-hidden />}
            active={here}
            aria-current={here ? 'page' : undefined}
          />
        );
      })}
      {me?.role === 'ADMIN' ? (
        <NavLink href="/graphiql" label="GraphiQL" leftSection={<IconCode size={18} stroke={1.7} aria-hidden />} />
      ) : null}
    </Stack>
  );
}
