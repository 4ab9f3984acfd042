import type { TFunction } from 'i18next';
import type { ApiClientPartsFragment } from '../../gql/graphql';
import { readScope, writtenScopes, type Scope, type ScopeChoice } from './scope-choice';

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Which patients: as many as are listed now, all who are not confidential, or those of a list. */
export type Reach = 'asNow' | 'all' | 'listed';

/** An API client as the form holds it. */
export interface ClientValues {
  name: string;
  choice: ScopeChoice;
  reach: Reach;
  /** Ids of patients, one a line. */
  patients: string;
  requestsPerMinute: number;
  costPerMinute: number;
}

export type ClientErrors = Partial<Record<string, string>>;

export const newClient: ClientValues = {
  name: '',
  choice: {},
  reach: 'all',
  patients: '',
  requestsPerMinute: 600,
  costPerMinute: 200_000,
};

export function fromClient(client: ApiClientPartsFragment, known: readonly Scope[]): ClientValues {
  const choice = client.scopes.map((written) => {
    const { name, groups } = readScope(written);
    return [name, groups.length > 0 ? groups : (known.find((scope) => scope.name === name)?.groups ?? [])] as const;
  });
  return {
    name: client.name,
    choice: Object.fromEntries(choice),
    reach: typeof client.listedPatients === 'number' ? 'asNow' : 'all',
    patients: '',
    requestsPerMinute: client.requestsPerMinute,
    costPerMinute: client.costPerMinute,
  };
}

/** What the server takes, or what is wrong with it, by field. `patientIds` is left out where nothing changes. */
export function toInput(values: ClientValues, known: readonly Scope[], t: TFunction) {
  const scopes = writtenScopes(known, values.choice);
  const listed = values.patients.split(/[\s,;]+/).filter(Boolean);
  const errors: ClientErrors = {};
  if (!values.name.trim()) errors.name = t('validation.required');
  if (!scopes) errors.scopes = t('apiClients.noFields');
  else if (scopes.length === 0) errors.scopes = t('apiClients.noScope');
  const listing = values.reach === 'listed';
  if (listing && (listed.length === 0 || !listed.every((id) => ID.test(id))))
    errors.patientIds = t('apiClients.notIds');
  const input = {
    name: values.name.trim(),
    scopes: scopes ?? [],
    requestsPerMinute: values.requestsPerMinute,
    costPerMinute: values.costPerMinute,
    ...(listing ? { patientIds: listed } : values.reach === 'all' ? { patientIds: null } : {}),
  };
  return { input, errors };
}
