import type { ApolloCache } from '@apollo/client';

/** After a visit was written or removed, every list that might hold it is read anew. */
export function forgetVisits(cache: ApolloCache, patientId: string): void {
  cache.evict({ id: 'ROOT_QUERY', fieldName: 'visits' });
  cache.evict({ id: cache.identify({ __typename: 'Patient', id: patientId }), fieldName: 'visits' });
  cache.gc();
}
