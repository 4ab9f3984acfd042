import {
  cosignedAt,
  readVerifierKey,
  signatureTypes,
  writeVerifierKey,
  type SignedNote,
  type VerifierKey,
} from './note';

/** Somebody else who signs what they have seen of the log. */
export interface Witness {
  name: string;
  key: VerifierKey;
  url: string | null;
}

interface Group {
  name: string;
  needed: number;
  members: readonly string[];
}

/** Which logs are meant and which witnesses must have signed (C2SP tlog-policy). */
export interface Policy {
  logs: readonly VerifierKey[];
  witnesses: readonly Witness[];
  groups: readonly Group[];
  /** Name of a witness or a group; null: nobody needs to. */
  quorum: string | null;
}

/**
 * Reads a policy: lines `log KEY [URL]`, `witness NAME KEY [URL]`, `group NAME any|all|N MEMBER…`, `quorum NAME|none`;
 * empty lines and lines that begin with # are passed over.
 *
 * @throws SyntaxError naming the first line that is none of these or names what was not said before
 */
export function readPolicy(text: string): Policy {
  const logs: VerifierKey[] = [];
  const witnesses: Witness[] = [];
  const groups: Group[] = [];
  let quorum: string | null = null;
  const known = (name: string) => [...witnesses, ...groups].some((one) => one.name === name);
  for (const [place, line] of text.split('\n').entries()) {
    const [word, ...rest] = line.trim().split(/\s+/);
    const demand = (sound: boolean) => {
      if (!sound) throw new SyntaxError(`Line ${place + 1} of the policy cannot be read.`);
    };
    if (!word || word.startsWith('#')) continue;
    const [first = '', second = '', ...others] = rest;
    if (word === 'log') {
      const key = readVerifierKey(first);
      demand(key !== null);
      logs.push(key!);
    } else if (word === 'witness') {
      const key = readVerifierKey(second);
      demand(key !== null && !known(first));
      witnesses.push({ name: first, key: key!, url: others[0] ?? null });
    } else if (word === 'group') {
      const needed = second === 'any' ? 1 : second === 'all' ? others.length : Number(second);
      demand(needed >= 1 && needed <= others.length && others.every(known) && !known(first));
      groups.push({ name: first, needed, members: others });
    } else {
      demand(word === 'quorum' && (first === 'none' || known(first)));
      quorum = first === 'none' ? null : first;
    }
  }
  return { logs, witnesses, groups, quorum };
}

/** A policy that trusts these keys of a log, and demands of witnesses what the other policy does. */
export function writePolicy(
  logs: readonly VerifierKey[],
  { witnesses, groups, quorum }: Omit<Policy, 'logs'> = NOBODY,
): string {
  return [
    ...logs.map((key) => `log ${writeVerifierKey(key)}`),
    ...witnesses.map(({ name, key, url }) =>
      `witness ${name} ${writeVerifierKey(key, signatureTypes.cosignature)} ${url ?? ''}`.trimEnd(),
    ),
    ...groups.map(({ name, needed, members }) => `group ${name} ${needed} ${members.join(' ')}`),
    `quorum ${quorum ?? 'none'}`,
    '',
  ].join('\n');
}

const NOBODY = { witnesses: [], groups: [], quorum: null };

/**
 * Since when the quorum has seen what this note says: the newest time by which enough witnesses had signed. Null when they
 * have not; with a quorum of nobody, always null.
 */
export function quorumAt(note: SignedNote, { witnesses, groups, quorum }: Policy): Date | null {
  const timeOf = (name: string): number => {
    const witness = witnesses.find((one) => one.name === name);
    if (witness) return cosignedAt(note, witness.key)?.valueOf() ?? 0;
    const group = groups.find((one) => one.name === name)!;
    const times = group.members.map(timeOf).sort((one, other) => other - one);
    return times[group.needed - 1] ?? 0;
  };
  const time = quorum === null ? 0 : timeOf(quorum);
  return time > 0 ? new Date(time) : null;
}
