import { buildSchema, findBreakingChanges } from 'graphql';
import { z } from 'zod';

/** A break of the released contract that is meant, in the words of graphql-js, and why. */
export interface DeliberateBreak {
  change: string;
  reason: string;
}

const SHORTEST_REASON = 20;

const breaksFile = z.array(
  z.strictObject({
    change: z.string(),
    reason: z.string().min(SHORTEST_REASON, 'a reason says more than that'),
  }),
);

/** Reads the list of deliberate breaks. Throws when it is no list of changes with reasons. */
export function readBreaks(json: string): DeliberateBreak[] {
  return breaksFile.parse(JSON.parse(json));
}

export interface ContractBreaks {
  /** Breaks nobody gave a reason for. */
  undeclared: string[];
  /** Declared breaks that are none: mended since, released since, or misspelt. */
  stale: string[];
}

/**
 * What in a contract would break a client of the released one: what graphql-js' `findBreakingChanges` finds, less what was
 * declared.
 *
 * @param released and `current`: schemas as text
 */
export function compareContracts(
  released: string,
  current: string,
  deliberate: readonly DeliberateBreak[],
): ContractBreaks {
  const found = findBreakingChanges(buildSchema(released), buildSchema(current)).map(({ description }) => description);
  const declared = deliberate.map(({ change }) => change);
  return {
    undeclared: found.filter((change) => !declared.includes(change)),
    stale: declared.filter((change) => !found.includes(change)),
  };
}
