import { createHmac, randomInt } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '../../platform/clock';
import { newId } from '../../platform/ids';

const HOW_MANY = 10;
/** Crockford's base32: nothing in it is mistaken for another when read from paper. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 12 characters of 5 bits: 60 bits, and each guess is throttled. */
const CHARACTERS = 12;
const GROUP = 4;

/**
 * One-time codes for whoever has lost the second factor. The database keeps keyed hashes: without the root key a stolen
 * table cannot even be guessed at, so no slow hash is needed.
 */
export class RecoveryCodes {
  /** @param secret 32 bytes, derived for this purpose alone */
  constructor(
    private readonly dataSource: DataSource,
    private readonly secret: Buffer,
    private readonly clock: Clock,
  ) {}

  /** Ten new codes; earlier ones stop working. They can be shown this once. */
  async renew(manager: EntityManager, userId: string): Promise<string[]> {
    const codes = Array.from({ length: HOW_MANY }, newCode);
    await this.forget(manager, userId);
    await manager.query(
      `INSERT INTO recovery_code (id, user_id, code_hash, created_at)
       SELECT n.id, $1, n.hash, $2 FROM unnest($3::uuid[], $4::bytea[]) AS n(id, hash)`,
      [userId, this.clock.now(), codes.map(() => newId()), codes.map((code) => this.hashOf(userId, code))],
    );
    return codes;
  }

  /** Uses a code up; false when it is not one of this account's, or was used. Two at once: one gets true. */
  async use(manager: EntityManager, userId: string, code: string): Promise<boolean> {
    const [, count] = await manager.query<[unknown, number]>(
      'UPDATE recovery_code SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL',
      [userId, this.hashOf(userId, code), this.clock.now()],
    );
    return count > 0;
  }

  async forget(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('DELETE FROM recovery_code WHERE user_id = $1', [userId]);
  }

  /** How many are unused. */
  async left(userId: string, manager = this.dataSource.manager): Promise<number> {
    const sql = 'SELECT count(*)::integer AS n FROM recovery_code WHERE user_id = $1 AND used_at IS NULL';
    return (await manager.query<{ n: number }[]>(sql, [userId]))[0]!.n;
  }

  private hashOf(userId: string, code: string): Buffer {
    return createHmac('sha256', this.secret)
      .update(`${userId}|${canonical(code)}`)
      .digest();
  }
}

function newCode(): string {
  const characters = Array.from({ length: CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return characters.match(new RegExp(`.{${GROUP}}`, 'g'))!.join('-');
}

/** As people type it from paper: any case, with or without dashes, O for 0, I or L for 1. */
function canonical(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}
