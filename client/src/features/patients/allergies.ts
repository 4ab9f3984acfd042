import type { AllergySeverity } from '../../gql/graphql';

/** What is not known may be grave. */
const gravity: AllergySeverity[] = ['SEVERE', 'MODERATE', 'UNKNOWN', 'MILD'];

/** The gravest first, where they are seen without scrolling. */
export function byGravity<One extends { severity: AllergySeverity }>(allergies: readonly One[]): One[] {
  return [...allergies].sort((one, other) => gravity.indexOf(one.severity) - gravity.indexOf(other.severity));
}
