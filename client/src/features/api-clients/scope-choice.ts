/** Scopes ticked so far, with the column groups of each; all of them is the scope whole. */
export type ScopeChoice = Readonly<Record<string, readonly string[]>>;

export interface Scope {
  name: string;
  groups: readonly string[];
}

/** As the server takes it: `patient.read`, or `patient.read:name,birthDate`. Null while one is ticked without any field. */
export function writtenScopes(scopes: readonly Scope[], choice: ScopeChoice): string[] | null {
  const ticked = scopes.filter(({ name }) => choice[name]);
  if (ticked.some(({ name, groups }) => groups.length > 0 && choice[name]!.length === 0)) return null;
  return ticked.map(({ name, groups }) => {
    const chosen = choice[name]!;
    return chosen.length === groups.length ? name : `${name}:${chosen.join(',')}`;
  });
}

/** A scope as the server writes it, apart: its name and, when it is narrowed, its column groups. */
export function readScope(written: string): { name: string; groups: string[] } {
  const [name = '', narrowed] = written.split(':');
  return { name, groups: narrowed === undefined ? [] : narrowed.split(',') };
}
