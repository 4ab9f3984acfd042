import { useQuery } from '@apollo/client/react';
import { byItself } from '../../session/activity';
import { FindingsWaiting } from './documents';

/** How many findings nobody has reviewed; asked again every few minutes, which is no use of the session. */
export function useFindingsWaiting(skip: boolean): number {
  const { data } = useQuery(FindingsWaiting, {
    skip,
    pollInterval: 180_000,
    skipPollAttempt: () => document.hidden,
    context: { headers: byItself },
  });
  return data?.waiting.totalCount ?? 0;
}
