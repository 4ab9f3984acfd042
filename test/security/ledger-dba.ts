import { Client } from 'pg';
import type { KeyObject } from 'node:crypto';
import type { AuditLog } from '../../server/audit';
import { chainNext, chainStart, Frontier, leafOf, signCheckpoint } from '../../server/ledger';

/** In the order in which the sealer takes them, so that neither waits for the other. */
const TABLES = [
  'audit_head',
  'audit_entry',
  'audit_entry_patient',
  'audit_pending',
  'audit_checkpoint',
  'audit_subtree',
  'audit_newest_checkpoint',
  'audit_shard',
];

/** Somebody who owns the database: no trigger and no grant stops them. They know every format, but have no signing key unless it is stolen. */
export class Dba {
  private constructor(private readonly client: Client) {}

  static async of(url: string): Promise<Dba> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('SET session_replication_role = replica');
    return new Dba(client);
  }

  async run(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.client.query<Record<string, unknown>>(sql, values)).rows;
  }

  /**
   * Copies the log aside, to `restore` it. Whoever wrote its last entries has asked after them by then: missing them during an
   * attack would be one more entry, of an alarm.
   */
  async backUp(log: Pick<AuditLog, 'askAfterWritten'>): Promise<void> {
    await log.askAfterWritten();
    for (const table of TABLES) {
      await this.run(`DROP TABLE IF EXISTS saved_${table}`);
      await this.run(`CREATE TABLE saved_${table} AS TABLE ${table}`);
    }
  }

  /** The log as it was when it was copied, all at once: the hospital goes on sealing, alarms for instance. */
  async restore(): Promise<void> {
    await this.run('BEGIN');
    await this.run(`LOCK TABLE ${TABLES.join(', ')}`);
    for (const table of TABLES) {
      const generated = table === 'audit_pending' ? 'OVERRIDING SYSTEM VALUE' : '';
      await this.run(`DELETE FROM ${table}`);
      await this.run(`INSERT INTO ${table} ${generated} SELECT * FROM saved_${table}`);
    }
    await this.run('COMMIT');
  }

  /** Makes the log consistent again after a change: all leaves, links, frontier and root, and numbers without gaps. */
  async recomputeEverything(): Promise<void> {
    await this.run(`CREATE TEMP TABLE renumbered AS
      SELECT row_number() OVER (ORDER BY index) - 1 AS place, * FROM audit_entry ORDER BY index`);
    await this.run('DELETE FROM audit_entry');
    await this
      .run(`INSERT INTO audit_entry SELECT place, entry, leaf, chain, at, actor_id, action, outcome, target_type,
      target_id, request_id, role, operation, purpose, ip, fields FROM renumbered`);
    await this.run('DROP TABLE renumbered');
    const [head] = await this.client
      .query<{ origin: string }>('SELECT origin FROM audit_head')
      .then(({ rows }) => rows);
    let chain = chainStart(head!.origin);
    const tree = Frontier.empty();
    const { rows } = await this.client.query<{ index: string; entry: Buffer }>(
      'SELECT index, entry FROM audit_entry ORDER BY index',
    );
    for (const { index, entry } of rows) {
      const leaf = leafOf(entry);
      chain = chainNext(chain, leaf);
      tree.append(leaf);
      await this.run('UPDATE audit_entry SET leaf = $2, chain = $3 WHERE index = $1', [index, leaf, chain]);
    }
    await this.run('UPDATE audit_head SET size = $1, chain = $2, root = $3, frontier = $4', [
      tree.size,
      chain,
      tree.root(),
      tree.nodes,
    ]);
    await this.run('DELETE FROM audit_subtree'); // made anew from the leaves when a proof or an export needs them
    await this.run(`DELETE FROM audit_entry_patient`);
    await this.run(`INSERT INTO audit_entry_patient SELECT DISTINCT named::uuid, index FROM audit_entry,
      jsonb_array_elements_text(convert_from(entry, 'UTF8')::jsonb -> 'p') AS named`);
  }

  /** With the log's key stolen: signs every checkpoint in the database anew, as the log is now. Answers the notes. */
  async signEverything(key: KeyObject): Promise<string[]> {
    const [head] = await this.run('SELECT origin FROM audit_head');
    const origin = String(head!.origin);
    const sizes = (await this.run('SELECT size::text AS size FROM audit_checkpoint')).map(({ size }) => Number(size));
    const entries = await this.run('SELECT leaf FROM audit_entry ORDER BY index');
    const tree = Frontier.empty();
    const notes: string[] = [];
    for (const { leaf } of entries) {
      tree.append(leaf as Buffer);
      if (!sizes.includes(tree.size)) continue;
      const note = signCheckpoint({ origin, size: tree.size, root: tree.root() }, key, new Date());
      await this.run('UPDATE audit_checkpoint SET note = $2 WHERE size = $1', [tree.size, note]);
      await this.run('UPDATE audit_newest_checkpoint SET note = $2, cosigned_note = NULL WHERE size = $1', [
        tree.size,
        note,
      ]);
      notes.push(note);
    }
    return notes;
  }

  async end(): Promise<void> {
    await this.client.end();
  }
}
