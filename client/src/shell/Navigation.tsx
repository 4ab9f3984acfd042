import { Badge, NavLink, Stack } from '@mantine/core';
import {
  IconCode,
  IconEyeSearch,
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
import { useFindingsWaiting } from '../features/snooping/use-findings-waiting';
import { useMay, useMe } from '../session/use-session';

interface Place {
  to: '/' | '/patients' | '/treatments' | '/audit' | '/reviews' | '/privacy' | '/users' | '/api-clients' | '/keys';
  key: 'dashboard' | 'patients' | 'treatments' | 'audit' | 'reviews' | 'snooping' | 'users' | 'apiClients' | 'keys';
  icon: Icon;
  needs?: Permission;
}

const places: Place[] = [
  { to: '/', key: 'dashboard', icon: IconLayoutDashboard },
  { to: '/patients', key: 'patients', icon: IconUsers, needs: 'PATIENT_READ' },
  { to: '/treatments', key: 'treatments', icon: IconPill, needs: 'TREATMENT_WRITE' },
  { to: '/audit', key: 'audit', icon: IconHistory, needs: 'AUDIT_READ' },
  { to: '/reviews', key: 'reviews', icon: IconUrgent, needs: 'BREAK_GLASS_REVIEW' },
  { to: '/privacy', key: 'snooping', icon: IconEyeSearch, needs: 'SNOOPING_REVIEW' },
  { to: '/users', key: 'users', icon: IconUserCog, needs: 'USER_MANAGE' },
  { to: '/api-clients', key: 'apiClients', icon: IconPlugConnected, needs: 'API_CLIENT_MANAGE' },
  { to: '/keys', key: 'keys', icon: IconKey, needs: 'KEYS_MANAGE' },
];

export function Navigation() {
  const { t } = useTranslation();
  const me = useMe();
  const { pathname } = useLocation();
  const grants = useGrantsWaiting(!useMay('BREAK_GLASS_REVIEW')).waiting;
  const findings = useFindingsWaiting(!useMay('SNOOPING_REVIEW'));
  const waiting = {
    reviews: { count: grants, label: t('review.waiting', { count: grants }) },
    snooping: { count: findings, label: t('snooping.waiting', { count: findings }) },
  };
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
            rightSection={key === 'reviews' || key === 'snooping' ? <Waiting {...waiting[key]} /> : null}
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

/** How much waits behind a link; nothing when nothing does. */
function Waiting({ count, label }: { count: number; label: string }) {
  if (count === 0) return null;
  return (
    <Badge color="orange" circle={count < 10} aria-label={label}>
      {count}
    </Badge>
  );
}
