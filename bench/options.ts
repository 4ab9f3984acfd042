import { parseArgs } from 'node:util';
import { cases } from './cases';

export interface Options {
  rounds: number;
  /** Seconds each server is driven in one round of one case. */
  seconds: number;
  patients: number;
  /** Names of the cases to run. */
  only: readonly string[];
  /** Name of the case whose processor time is broken down. */
  profile: string;
  /** Folder of a hospital kept from an earlier run, or to be kept from this one; null: a new one that is removed. */
  keep: string | null;
}

/** Reads `--rounds N --seconds N --patients N --only case --profile case --keep folder`. Throws RangeError with what is wrong. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      patients: { type: 'string', default: '10000' },
      only: { type: 'string', multiple: true },
      profile: { type: 'string', default: 'read' },
      keep: { type: 'string' },
    },
  });
  const names = cases.map(({ name }) => name);
  const only = values.only ?? names;
  const unknown = [...only, values.profile].filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new RangeError(`No case ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  return {
    rounds: whole('rounds', values.rounds),
    seconds: whole('seconds', values.seconds),
    patients: whole('patients', values.patients, 100),
    only,
    profile: values.profile,
    keep: values.keep ?? null,
  };
}

function whole(name: string, text: string, least = 1): number {
  const figure = Number(text);
  if (Number.isInteger(figure) && figure >= least) return figure;
  throw new RangeError(`--${name} wants a whole number from ${least}.`);
}
