import { useQuery } from '@apollo/client/react';
import { Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { FaultNotice } from '../../ui/FaultNotice';
import { formatTime, patientName } from '../../ui/format';
import { RowsSkeleton } from '../../ui/PageSkeleton';
import { Panel } from '../../ui/Panel';
import { ConfidentialBadge } from '../patients/ConfidentialBadge';
import { VisitStatusBadge } from '../visits/VisitStatusBadge';
import { LinkAnchor } from '../../ui/links';

const VisitsOfToday = graphql(`
  query VisitsOfToday($from: DateTime!, $to: DateTime!) {
    visits(from: $from, to: $to, first: 20) {
      edges {
        node {
          id
          type
          status
          startedAt
          reason
          patient {
            id
            name {
              family
              given
            }
            confidential
          }
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

/** From this midnight to the next, by the clock of the workstation. */
function today(): { from: string; to: string } {
  const from = new Date();
  from.setHours(0, 0, 0, 0);
  const to = new Date(from);
  to.setDate(to.getDate() + 1);
  return { from: from.toISOString(), to: to.toISOString() };
}

export function TodaysVisits() {
  const { t } = useTranslation();
  const [variables] = useState(today);
  const { data, error, refetch } = useQuery(VisitsOfToday, { variables });
  const visits = data?.visits.edges
    .map((edge) => edge.node)
    .sort((one, other) => one.startedAt.localeCompare(other.startedAt));
  return (
    <Panel title={t('dashboard.today')}>
      {error ? <FaultNotice error={error} onRetry={() => void refetch()} /> : null}
      {!visits && !error ? <RowsSkeleton rows={5} height={40} /> : null}
      {visits?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('dashboard.noVisits')}
        </Text>
      ) : null}
      <Stack
        component="ul"
        gap={6}
        m={0}
        p={0}
        mah={392}
        tabIndex={0}
        aria-label={t('dashboard.today')}
        style={{ listStyle: 'none', overflowY: 'auto' }}
      >
        {visits?.map((visit) => (
          <Group component="li" key={visit.id} justify="space-between" wrap="nowrap" gap="sm">
            <div style={{ minWidth: 0 }}>
              <Group gap="0 8px">
                <LinkAnchor
                  to="/patients/$patientId/visits/$visitId"
                  params={{ patientId: visit.patient.id, visitId: visit.id }}
                  size="sm"
                  fw={600}
                >
                  {formatTime(visit.startedAt)} · {patientName(visit.patient.name)}
                </LinkAnchor>
                <ConfidentialBadge patient={visit.patient} />
              </Group>
              <Text size="xs" c="dimmed" truncate>
                {t(`visitType.${visit.type}`)} · {visit.reason ?? t('common.notRecorded')}
              </Text>
            </div>
            <VisitStatusBadge status={visit.status} />
          </Group>
        ))}
      </Stack>
      {data?.visits.pageInfo.hasNextPage ? (
        <Text size="xs" c="dimmed" mt="xs">
          {t('dashboard.latestVisits', { count: data.visits.edges.length })}
        </Text>
      ) : null}
    </Panel>
  );
}
