import { verdictCodes, type Verdict } from '../server/ledger';

/** What is known beside the verdict. */
export interface Circumstances {
  signedAt?: Date | null;
  cosignedAt?: Date | null;
}

/** The verdict in one line for people; in a second one what must be told although nothing is wrong. */
export function verdictLine(
  { word, size, root, at, finding }: Verdict,
  { signedAt, cosignedAt }: Circumstances = {},
): string {
  if (word !== 'OK')
    return `${word}${at === null ? '' : ` at entry ${grouped(at)}`}: ${finding ?? 'no further finding'}`;
  const times = [
    ...(signedAt ? [`signed at ${signedAt.toISOString()}`] : []),
    ...(cosignedAt ? [`cosigned at ${cosignedAt.toISOString()}`] : []),
  ];
  const line = [`OK: ${grouped(size)} entries verified, root ${root.toString('hex')}`, ...times].join(', ');
  return finding === null ? line : `${line}\nTold: ${finding}`; // dropped after export, lost in a restore
}

/** The verdict for programs. */
export function verdictJson(
  { word, size, root, at, finding }: Verdict,
  { signedAt, cosignedAt }: Circumstances = {},
): string {
  const told = {
    word,
    exitCode: verdictCodes[word],
    size,
    root: root.toString('hex'),
    at,
    finding,
    signedAt: signedAt?.toISOString() ?? null,
    cosignedAt: cosignedAt?.toISOString() ?? null,
  };
  return JSON.stringify(told);
}

/** `90s`, `30m`, `12h`, `7d` in milliseconds. Throws RangeError for anything else. */
export function readAge(text: string): number {
  const [, figure, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 }[unit ?? ''];
  if (!figure || !seconds) throw new RangeError('An age is a number and one of s, m, h, d, such as 12h.');
  return Number(figure) * seconds * 1000;
}

function grouped(figure: number): string {
  return String(figure).replace(/\B(?=(\d{3})+$)/g, ' ');
}
