import { useSyncExternalStore } from 'react';
import type { Permission } from '../gql/graphql';
import { getSession, watchSession, type Me, type SessionState } from './session';

export function useSession(): SessionState {
  return useSyncExternalStore(watchSession, getSession);
}

/** The person signed in. Only for pages behind the sign-in. */
export function useMe(): Me | null {
  const session = useSession();
  return session.status === 'signedIn' ? session.me : null;
}

/** Whether the person may do something: decides what is shown. The server decides what is done. */
export function useMay(permission: Permission): boolean {
  return useMe()?.permissions.includes(permission) ?? false;
}
