import type { DataSource, EntityManager } from 'typeorm';
import type { DataKeyRow, DataKeyStore } from '../crypto/keyring';

interface RawDataKey {
  id: string;
  owner: string;
  purpose: string;
  kek_epoch: number;
  wrapped: Buffer;
  kcv: Buffer;
}

const COLUMNS = 'id::text, owner, purpose, kek_epoch, wrapped, kcv';

/** A damaged envelope may name a greater id; there is no such key, and PostgreSQL need not be asked. */
const LARGEST_ID = 2n ** 63n - 1n;

/** Wrapped data keys in PostgreSQL. */
export class PostgresKeyStore implements DataKeyStore {
  constructor(private readonly dataSource: DataSource) {}

  async byIds(ids: bigint[]): Promise<DataKeyRow[]> {
    const possible = ids.filter((id) => id <= LARGEST_ID);
    return this.query(`SELECT ${COLUMNS} FROM data_key WHERE id = ANY($1::bigint[])`, [possible.map(String)]);
  }

  /** The newest key of each owner; owners without a key are left out. */
  async byOwners(owners: string[]): Promise<DataKeyRow[]> {
    return this.query(
      `SELECT DISTINCT ON (owner) ${COLUMNS} FROM data_key WHERE owner = ANY($1::uuid[]) ORDER BY owner, created_at DESC`,
      [owners],
    );
  }

  private async query(sql: string, values: unknown[]): Promise<DataKeyRow[]> {
    const rows = await this.dataSource.query<RawDataKey[]>(sql, values);
    return rows.map((row) => ({
      id: BigInt(row.id),
      owner: row.owner,
      purpose: row.purpose,
      kekEpoch: row.kek_epoch,
      wrapped: row.wrapped,
      kcv: row.kcv,
    }));
  }
}

/** Stores a freshly minted data key, in the transaction of the row it will seal. */
export async function insertDataKey(manager: EntityManager, key: DataKeyRow): Promise<void> {
  await manager.query(
    'INSERT INTO data_key (id, owner, purpose, kek_epoch, wrapped, kcv) VALUES ($1, $2, $3, $4, $5, $6)',
    [key.id.toString(), key.owner, key.purpose, key.kekEpoch, key.wrapped, key.kcv],
  );
}
