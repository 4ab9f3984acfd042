import type { Foundation } from '../../access/foundation';
import type { AuditLog } from '../../audit';
import { runIn } from '../../crypto/access-scope';
import { systemContext } from '../../graphql/context';
import type { Logger } from '../../platform/logger';
import type { CertificateFiles } from './certificate-files';
import type { Eraser } from './eraser';
import { Erasure, newErasure } from './erasure.entity';

export interface EraseAgainDeps {
  base: Foundation;
  eraser: Eraser;
  files: CertificateFiles;
  log: AuditLog;
  logger: Logger;
}

const REASON = 'Erased before; a database older than the erasure was restored.';

/**
 * Keeps erasures erased over restored databases: whoever has a certificate, here or among the files, and yet has keys or
 * uncleared rows is erased again. Files that a crash kept from being written are written.
 */
export class EraseAgain {
  constructor(private readonly deps: EraseAgainDeps) {}

  /** Done at every opening, before anybody is served. Answers how many were erased again. */
  async run(): Promise<number> {
    const onFile = await this.deps.files.patientIds();
    let erased = 0;
    for (const id of await this.returned(onFile)) if (await this.again(id)) erased += 1;
    await this.writeMissing(onFile);
    return erased;
  }

  /** Erased patients who have come back, wholly or in part. */
  private async returned(onFile: string[]): Promise<string[]> {
    const rows = await this.deps.base.dataSource.query<{ id: string }[]>(
      `SELECT e.id FROM erasure e WHERE NOT e.applied OR EXISTS (SELECT 1 FROM data_key k WHERE k.owner = e.id)
       UNION
       SELECT f.id FROM unnest($1::uuid[]) AS f (id) WHERE NOT EXISTS (SELECT 1 FROM erasure e WHERE e.id = f.id)
         AND (EXISTS (SELECT 1 FROM data_key k WHERE k.owner = f.id) OR EXISTS (SELECT 1 FROM patient p WHERE p.id = f.id))`,
      [onFile],
    );
    return rows.map(({ id }) => id);
  }

  private async again(id: string): Promise<boolean> {
    const { base, eraser } = this.deps;
    const context = systemContext('erase again');
    const erased = await runIn(context, () =>
      base.dataSource.transaction(async (manager) => {
        const patient = await eraser.lock(manager, id);
        const known = await manager.findOneBy(Erasure, { id });
        const keys = await manager.query<unknown[]>('SELECT 1 FROM data_key WHERE owner = $1 LIMIT 1', [id]);
        if (known?.applied && keys.length === 0) return false; // another process was first
        const erasure = known ? this.genuine(known) : await this.onFile(id);
        if (!erasure) return false;
        await eraser.erase(context, manager, patient, erasure);
        return true;
      }),
    );
    if (erased) base.keyring.forget(id);
    return erased;
  }

  /** A row that somebody planted must not make the server destroy keys and call it an erasure. */
  private genuine(known: Erasure): Erasure | null {
    if (this.deps.log.openErasure(known.certificate)?.patient === known.id) return known;
    this.deps.logger.error({ patient: known.id }, 'an erasure in the database has no certificate signed by this log');
    return null;
  }

  /** Only a certificate that this log signed erases anybody; other files say nothing. */
  private async onFile(id: string): Promise<Erasure | null> {
    const certificate = await this.deps.files.read(id);
    const signed = certificate === null ? null : this.deps.log.openErasure(certificate);
    if (!certificate || signed?.patient !== id) {
      this.deps.logger.error({ patient: id }, 'a file among the certificates of erasure is not signed by this log');
      return null;
    }
    return newErasure({ id, erasedAt: new Date(signed.erasedAt), erasedBy: signed.by, certificate }, REASON);
  }

  private async writeMissing(onFile: string[]): Promise<void> {
    const { base, files, logger } = this.deps;
    const missing = await base.dataSource.query<{ id: string; certificate: string }[]>(
      'SELECT id, certificate FROM erasure WHERE id <> ALL($1::uuid[])',
      [onFile],
    );
    for (const { id, certificate } of missing) {
      await files.write(id, certificate).catch((error: unknown) => {
        logger.error({ err: error }, 'a certificate of erasure could not be written; the table has it still');
      });
    }
  }
}
