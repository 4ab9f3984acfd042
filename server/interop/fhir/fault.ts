import type { ValidationError } from 'class-validator';

/** Something in a source that cannot be taken over. The message says what and never holds what the source says of a person. */
export class Fault extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Fault';
  }
}

/** Reports something about the resource at hand that does not keep the rest of it from being taken over. */
export type Note = (reason: string) => void;

/** The rules that were broken, each with the path of the field. */
export function rulesBroken(errors: readonly ValidationError[], path = ''): string[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const here = /^\d+$/.test(property) ? `${path}[${property}]` : path ? `${path}.${property}` : property;
    return [...Object.values(constraints).map((rule) => `${here}: ${rule}`), ...rulesBroken(children, here)];
  });
}
