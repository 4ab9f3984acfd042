import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Foundation } from '../../access/foundation';
import type { Actor, Role } from '../../graphql/context';
import { createStaff, type Identity } from '../../identity';

export interface DemoAccount {
  email: string;
  role: Role;
  password: string;
}

/** One person for every role. The addresses are of no one (RFC 2606). */
const people: readonly { name: string; role: Role; email: string }[] = [
  { name: 'Admin Park', role: 'ADMIN', email: 'park@hospital.example' },
  { name: 'Dr Adeyemi', role: 'DOCTOR', email: 'adeyemi@hospital.example' },
  { name: 'Clinician Okafor', role: 'CLINICIAN', email: 'okafor@hospital.example' },
  { name: 'Nurse Lindqvist', role: 'NURSE', email: 'lindqvist@hospital.example' },
  { name: 'Auditor Brandt', role: 'AUDITOR', email: 'brandt@hospital.example' },
  { name: 'Laboratory system', role: 'INTEGRATION', email: 'laboratory@hospital.example' },
];

/** Letters and digits that are not mistaken for each other when read aloud or typed from paper. */
const LEGIBLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/**
 * Makes the accounts that are missing. Their passwords are written down (0600) before the accounts are made, so that a crash
 * between the two leaves none that nobody can use; a later call finds them there.
 */
export async function ensureStaff(
  hospital: { base: Foundation; identity: Identity },
  dataDir: string,
): Promise<{ accounts: DemoAccount[]; actors: Map<Role, Actor> }> {
  const file = join(dataDir, 'demo-accounts.json');
  const known = new Map((await readAccounts(file)).map((account) => [account.email, account]));
  const accounts: DemoAccount[] = [];
  const users = new Map<Role, string | null>();
  for (const { email, role } of people) {
    const user = await hospital.identity.users.findByEmail(email);
    users.set(role, user?.id ?? null);
    const account = known.get(email) ?? (user ? null : { email, role, password: newPassword() });
    if (account) accounts.push(account);
  }
  await writeAccounts(file, accounts);
  for (const { name, role, email } of people) {
    if (users.get(role)) continue;
    const { password } = accounts.find((account) => account.email === email)!;
    users.set(role, (await createStaff(hospital, { email, name, role, password })).id);
  }
  const actors = people.map(({ role }): [Role, Actor] => [
    role,
    { kind: 'user', id: users.get(role) ?? null, role, sessionId: null },
  ]);
  return { accounts, actors: new Map(actors) };
}

async function readAccounts(file: string): Promise<DemoAccount[]> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as DemoAccount[]) : [];
}

async function writeAccounts(file: string, accounts: DemoAccount[]): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(fresh, file);
}

/** Four groups of four: 79 random bits. */
function newPassword(): string {
  const group = () => Array.from({ length: 4 }, () => LEGIBLE[randomInt(LEGIBLE.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
