import { useQuery } from '@apollo/client/react';
import { Badge, Button, Group, Menu, Paper, ScrollArea, Select, Table, Text } from '@mantine/core';
import { IconDots, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role, UserFilter, UserPartsFragment } from '../../gql/graphql';
import { byItself } from '../../session/activity';
import { SignInProvider } from '../../session/documents';
import { useMe } from '../../session/use-session';
import { Only } from '../../shell/NoAccess';
import { EmptyState } from '../../ui/EmptyState';
import cards from '../../ui/CardTable.module.css';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatDateTime } from '../../ui/format';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Pager, usePages } from '../../ui/Pager';
import { UsersList } from './documents';
import { InviteDialog } from './InviteDialog';
import { roles } from './roles';
import { UserDialogs, type UserTask } from './UserDialogs';

export function UsersPage() {
  return (
    <Only permission="USER_MANAGE">
      <Users />
    </Only>
  );
}

function Users() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<UserFilter>({ active: true });
  const [inviting, setInviting] = useState(false);
  const [task, setTask] = useState<UserTask | null>(null);
  const pages = usePages(25, JSON.stringify(filter));
  const { data, previousData, error, refetch } = useQuery(UsersList, {
    variables: { filter, ...pages.variables },
    fetchPolicy: 'cache-and-network',
    // An invited person appears once the link is used, which happens elsewhere.
    pollInterval: 15_000,
    skipPollAttempt: () => document.hidden,
    context: { headers: byItself },
  });
  const shown = (data ?? previousData)?.users;
  return (
    <>
      <PageHeading
        title={t('users.title')}
        actions={
          <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setInviting(true)}>
            {t('users.invite')}
          </Button>
        }
      />
      <Group gap="sm" mb="md" role="search">
        <Select
          label={t('users.role')}
          data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          value={filter.role ?? null}
          placeholder={t('patients.any')}
          clearable
          clearButtonProps={{ 'aria-label': t('users.clearRole') }}
          onChange={(role) => setFilter({ ...filter, role: role as Role | null })}
        />
        <Select
          label={t('users.state')}
          data={[
            { value: 'active', label: t('users.active') },
            { value: 'inactive', label: t('users.inactive') },
          ]}
          value={filter.active ? 'active' : 'inactive'}
          allowDeselect={false}
          onChange={(value) => setFilter({ ...filter, active: value === 'active' })}
        />
      </Group>
      {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
      {!shown && !error ? <RowsSkeleton rows={6} /> : null}
      {shown && shown.edges.length === 0 ? <EmptyState icon={IconUsers} title={t('users.none')} /> : null}
      {shown && shown.edges.length > 0 ? (
        <UsersTable users={shown.edges.map((edge) => edge.node)} onTask={setTask} />
      ) : null}
      {shown ? <Pager pageInfo={shown.pageInfo} pages={pages} /> : null}
      {inviting ? <InviteDialog onClose={() => setInviting(false)} onInvited={() => void refetch()} /> : null}
      {task ? <UserDialogs task={task} onClose={() => setTask(null)} onDone={() => void refetch()} /> : null}
    </>
  );
}

function UsersTable({ users, onTask }: { users: UserPartsFragment[]; onTask: (task: UserTask) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Paper bg="var(--chartseal-surface)">
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('users.title') }}>
        <Table highlightOnHover className={cards.table} style={{ '--card-table-width': '680px' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('users.name')}</Table.Th>
              <Table.Th scope="col">{t('users.role')}</Table.Th>
              <Table.Th scope="col">{t('users.lastSignIn')}</Table.Th>
              <Table.Th scope="col">{t('users.state')}</Table.Th>
              <Table.Th scope="col">{t('users.actions')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {users.map((user) => (
              <Table.Tr key={user.id}>
                <Table.Td data-wide>
                  <Text size="sm" fw={600}>
                    {user.name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {user.email}
                  </Text>
                </Table.Td>
                <Table.Td>{t(`role.${user.role}`)}</Table.Td>
                <Table.Td data-wide data-label={t('users.lastSignIn')} className={cards.whole}>
                  {user.lastSignInAt ? formatDateTime(user.lastSignInAt) : t('users.never')}
                </Table.Td>
                <Table.Td>
                  <Badge color={user.active ? 'seal' : 'gray'}>
                    {user.active ? t('users.active') : t('users.inactive')}
                  </Badge>
                </Table.Td>
                <Table.Td data-corner className={cards.whole}>
                  {user.id === me?.id ? (
                    <Text size="xs" c="dimmed">
                      {t('users.you')}
                    </Text>
                  ) : (
                    <UserMenu user={user} onTask={onTask} />
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Paper>
  );
}

/** What can be done with an account, and the text of each. A closed one has nothing to sign in with. */
function tasksFor({ active }: UserPartsFragment, otherWayIn: boolean) {
  const change = ['change', 'users.change'] as const;
  if (!active) return [change, ['reactivate', 'users.reactivate'] as const];
  return [
    change,
    ['reset', 'users.reset'] as const,
    ['resetFactor', 'users.resetFactor'] as const,
    ...(otherWayIn ? [['removePassword', 'users.removePassword'] as const] : []),
    ['deactivate', 'users.deactivate'] as const,
  ];
}

function UserMenu({ user, onTask }: { user: UserPartsFragment; onTask: (task: UserTask) => void }) {
  const { t } = useTranslation();
  // Without a sign-in service of the hospital's own, a password is the only way in.
  const otherWayIn = Boolean(useQuery(SignInProvider).data?.signInProvider);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-sm" mih={28} variant="default" aria-label={t('users.actionsFor', { name: user.name })}>
          <IconDots size={16} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {tasksFor(user, otherWayIn).map(([kind, text]) => (
          <Menu.Item key={kind} onClick={() => onTask({ kind, user })}>
            {t(text)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
