import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { useMe, useMay } from '../session/use-session';

const StaffNames = graphql(`
  query StaffNames {
    staff {
      id
      name
    }
  }
`);

/** The name behind the id of a member of staff; null while it is unknown or not to be known. */
export function useStaffName(id: string | null): string | null {
  const me = useMe();
  const mayList = useMay('STAFF_LIST');
  const mine = id !== null && id === me?.id;
  const { data } = useQuery(StaffNames, { skip: !id || mine || !mayList, fetchPolicy: 'cache-first' });
  if (mine) return me.name;
  return data?.staff.find((person) => person.id === id)?.name ?? null;
}
