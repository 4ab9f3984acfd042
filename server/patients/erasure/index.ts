import { join } from 'node:path';
import { CertificateFiles } from './certificate-files';
import { EraseAgain } from './erase-again';
import { Eraser, type EraserDeps } from './eraser';
import { ErasureService } from './erasure.service';
import type { Logger } from '../../platform/logger';

export type { ErasureObserver } from './eraser';
export { Erasure } from './erasure.entity';
export { ErasureResolver } from './erasure.resolver';

/** Erasing patients, and keeping them erased. */
export interface Erasures {
  service: ErasureService;
  again: EraseAgain;
}

/** Puts the parts together; certificates are kept in `erasures` under the data directory. */
export function createErasures(deps: EraserDeps & { dataDir: string; logger: Logger }): Erasures {
  const { dataDir, ...rest } = deps;
  const files = new CertificateFiles(join(dataDir, 'erasures'));
  const parts = { ...rest, eraser: new Eraser(rest), files };
  return { service: new ErasureService(parts), again: new EraseAgain(parts) };
}
