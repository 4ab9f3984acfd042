import type { EntityManager } from 'typeorm';
import type { Foundation } from '../access/foundation';
import { SYSTEM_OWNER } from '../crypto/keyring';
import { normaliseEmail } from '../crypto/normalise';
import { holdForSealing } from '../database/key-store';
import { Reader } from '../database/reader';
import { envelopesOf } from '../database/sealed-column';
import { notFound } from '../graphql/errors';
import { readPage, toConnection, type Connection } from '../graphql/pagination';
import type { UsersArgs } from './identity.inputs';
import { User } from './user.entity';

const LIST = 'users';

/** Loads accounts with the staff key at hand. Who may see them is the callers' matter. */
export class UserRepository {
  private readonly reader: Reader<User>;

  constructor(private readonly base: Foundation) {
    this.reader = new Reader(base.dataSource, User);
  }

  /** Rows of `SELECT … FROM app_user t …`, ready to be opened. */
  async select(rest: string, values: unknown[]): Promise<User[]> {
    const rows = await this.reader.many(rest, values);
    await this.base.keyring.hold(envelopesOf(rows));
    return rows;
  }

  /** Accounts, oldest first. */
  async list(args: UsersArgs): Promise<Connection<User>> {
    const { cursors, dataSource } = this.base;
    const page = readPage(args, LIST, cursors);
    const filter = [args.filter?.role ?? null, args.filter?.active ?? null];
    const condition = '($1::text IS NULL OR t.role = $1) AND ($2::boolean IS NULL OR t.active = $2)';
    const walk = page.backward ? 't.id < $3) ORDER BY t.id DESC' : 't.id > $3) ORDER BY t.id';
    const rows = await this.select(`WHERE ${condition} AND ($3::uuid IS NULL OR ${walk} LIMIT $4`, [
      ...filter,
      page.from?.[0] ?? null,
      page.size + 1,
    ]);
    const count = async () => {
      const sql = `SELECT count(*)::integer AS count FROM app_user t WHERE ${condition}`;
      const [row] = await dataSource.query<{ count: number }[]>(sql, filter);
      return row!.count;
    };
    return toConnection(rows, page, { name: LIST, cursors, keyOf: ({ id }) => [id], count });
  }

  async find(id: string): Promise<User | null> {
    return (await this.select('WHERE t.id = $1', [id]))[0] ?? null;
  }

  /** Throws NOT_FOUND. */
  async get(id: string): Promise<User> {
    const user = await this.find(id);
    if (!user) throw notFound('user');
    return user;
  }

  async findByEmail(email: string): Promise<User | null> {
    return (await this.select('WHERE t.email_token = $1', [this.emailToken(email)]))[0] ?? null;
  }

  /** Locks the staff key, then an account, for a change. Throws NOT_FOUND. */
  async lock(manager: EntityManager, id: string): Promise<User> {
    await this.holdStaffKey(manager);
    const user = await manager.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!user) throw notFound('user');
    await this.base.keyring.hold(envelopesOf([user]));
    return user;
  }

  /** Before anything of staff is locked or written: the key comes first. */
  holdStaffKey(manager: EntityManager): Promise<void> {
    return holdForSealing(manager, this.base.keyring, [SYSTEM_OWNER]);
  }

  /** Keyed token of an address, whatever its case. */
  emailToken(email: string): Buffer {
    return this.base.tokens.token('staff-email', normaliseEmail(email));
  }
}
