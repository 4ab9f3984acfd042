import { useQuery } from '@apollo/client/react';
import { Button, Stack } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Only } from '../../shell/NoAccess';
import { EmptyState } from '../../ui/EmptyState';
import { FaultNotice } from '../../ui/FaultNotice';
import { PageHeading } from '../../ui/PageHeading';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Pager, usePages } from '../../ui/Pager';
import { ClientCard } from './ClientCard';
import { ClientDialogs, type ClientTask } from './ClientDialogs';
import { CreateClientDialog } from './CreateClientDialog';
import { ApiClientsList } from './documents';

export function ApiClientsPage() {
  return (
    <Only permission="API_CLIENT_MANAGE">
      <ApiClients />
    </Only>
  );
}

function ApiClients() {
  const { t } = useTranslation();
  const [creating, setCreating] = useState(false);
  const [task, setTask] = useState<ClientTask | null>(null);
  const pages = usePages(20, 'all');
  const { data, previousData, error, refetch } = useQuery(ApiClientsList, {
    variables: pages.variables,
    fetchPolicy: 'cache-and-network',
  });
  const shown = (data ?? previousData)?.apiClients;
  const create = <Button onClick={() => setCreating(true)}>{t('apiClients.create')}</Button>;
  const none = shown?.edges.length === 0;
  return (
    <>
      <PageHeading title={t('apiClients.title')} note={t('apiClients.note')} actions={none ? null : create} />
      {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
      {!shown && !error ? <RowsSkeleton rows={4} /> : null}
      {none ? (
        <EmptyState
          icon={IconPlugConnected}
          title={t('apiClients.none')}
          text={t('apiClients.noneText')}
          action={create}
        />
      ) : null}
      <Stack>
        {shown?.edges.map(({ node }) => (
          <ClientCard key={node.id} client={node} onTask={setTask} />
        ))}
      </Stack>
      {shown && !none ? <Pager pageInfo={shown.pageInfo} pages={pages} /> : null}
      {creating ? <CreateClientDialog onClose={() => setCreating(false)} onCreated={() => void refetch()} /> : null}
      {task ? <ClientDialogs task={task} onClose={() => setTask(null)} onDone={() => void refetch()} /> : null}
    </>
  );
}
