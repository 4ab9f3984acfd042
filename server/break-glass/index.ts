import type { Foundation } from '../access/foundation';
import type { StaffDirectory } from '../identity';
import type { CareTeam, PatientIndex, PatientRepository } from '../patients';
import { AccessResolver } from './access.resolver';
import { AccessService } from './access.service';
import { BreakGlassRepository } from './break-glass.repository';
import { BreakGlassResolver, PatientGrantResolver } from './break-glass.resolver';
import { BreakGlassService } from './break-glass.service';

export { BreakGlassGrant } from './break-glass.entity';
export { watchGrants } from './grant-metrics';

/** Breaking the glass, put together. */
export interface BreakGlass {
  /** Each resolver with the services it speaks for, for the schema's container. */
  readonly resolvers: readonly object[];
}

/** Puts the parts together. */
export function createBreakGlass(
  base: Foundation,
  parts: {
    patients: PatientRepository;
    index: PatientIndex;
    careTeam: CareTeam;
    staff: StaffDirectory;
    perHour: number;
  },
): BreakGlass {
  const { patients, index, staff } = parts;
  const grants = new BreakGlassRepository(base);
  return {
    resolvers: [
      new BreakGlassResolver(grants, new BreakGlassService(base, grants, index, parts.perHour), patients, staff),
      new PatientGrantResolver(grants),
      new AccessResolver(new AccessService(base, { ...parts, grants })),
    ],
  };
}
