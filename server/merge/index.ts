import type { StaffDirectory } from '../identity';
import { MergePreviews } from './merge.preview';
import { MergeRepository } from './merge.repository';
import { MergeResolver, PatientMergesResolver } from './merge.resolver';
import { MergeService, type MergeDeps } from './merge.service';
import { UnmergeService } from './unmerge.service';

export { PatientMerge } from './merge.entity';

/** Merging duplicate patients, put together. */
export interface Merging {
  /** Each resolver with the services it speaks for, for the schema's container. */
  readonly resolvers: readonly object[];
}

/** Puts the parts together. */
export function createMerging(deps: MergeDeps & { staff: StaffDirectory }): Merging {
  const { base, patients, staff } = deps;
  const [merging, unmerging] = [new MergeService(deps), new UnmergeService(deps)];
  return {
    resolvers: [
      new MergeResolver(new MergePreviews(base, patients), merging, unmerging, patients, staff),
      new PatientMergesResolver(new MergeRepository(base)),
    ],
  };
}
