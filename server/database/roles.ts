/**
 * What each part of Chartseal is to the database. Migration 1767225600010 makes the roles and says what they may do: `app`
 * serves requests, `sealer` moves entries into the log, `auditor` reads the log and nothing else. The owner of the tables
 * migrates and is needed for nothing else.
 */
export const databaseRoles = {
  app: 'chartseal_app',
  sealer: 'chartseal_sealer',
  auditor: 'chartseal_auditor',
} as const;

/** Connection strings by what they are for. */
export interface DatabaseUrls {
  /** Migrates. */
  owner: string;
  app: string;
  sealer: string;
}

/**
 * The same connection string, acting under a role from its first statement on. It keeps mistakes and injected statements
 * within the role as long as nobody asks for another one; a login of its own keeps everybody in.
 */
export function actingAs(url: string, role: keyof typeof databaseRoles): string {
  const acting = new URL(url);
  const options = [acting.searchParams.get('options'), `-c role=${databaseRoles[role]}`].filter(Boolean).join(' ');
  // URLSearchParams would write the space as a plus, which a connection string takes for one.
  acting.search = [...acting.searchParams]
    .filter(([name]) => name !== 'options')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .concat(`options=${encodeURIComponent(options)}`)
    .join('&');
  return acting.toString();
}
