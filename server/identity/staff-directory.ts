import DataLoader from 'dataloader';
import type { Foundation } from '../access/foundation';
import type { RequestContext, Role } from '../graphql/context';
import { StaffMember } from './user.entity';
import type { UserRepository } from './user.repository';

const lastSignIn = Symbol('last sign-in');

/** Colleagues by id, for names beside what they wrote; batched within a request. */
export class StaffDirectory {
  constructor(
    private readonly base: Foundation,
    private readonly users: UserRepository,
  ) {}

  /** The colleague, active or not; null for no id or an unknown one. */
  async find(context: RequestContext, id: string | null): Promise<StaffMember | null> {
    if (id === null) return null;
    return context.once(this, () => new DataLoader((ids: readonly string[]) => this.load(ids))).load(id);
  }

  /** Active staff, oldest account first; all roles when none is named. */
  async active(role: Role | null): Promise<StaffMember[]> {
    const rows = await this.users.select('WHERE t.active AND ($1::text IS NULL OR t.role = $1) ORDER BY t.id', [role]);
    return rows.map((user) => new StaffMember(user));
  }

  /** When somebody last signed in; null for never. */
  lastSignInAt(context: RequestContext, userId: string): Promise<Date | null> {
    return context.once(lastSignIn, () => new DataLoader((ids: readonly string[]) => this.loadLast(ids))).load(userId);
  }

  private async load(ids: readonly string[]): Promise<(StaffMember | null)[]> {
    const rows = await this.users.select('WHERE t.id = ANY($1::uuid[])', [ids]);
    const byId = new Map(rows.map((user) => [user.id, new StaffMember(user)]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  private async loadLast(ids: readonly string[]): Promise<(Date | null)[]> {
    const rows = await this.base.dataSource.query<{ user_id: string; at: Date }[]>(
      'SELECT user_id, max(created_at) AS at FROM session WHERE user_id = ANY($1::uuid[]) GROUP BY user_id',
      [ids],
    );
    const byId = new Map(rows.map(({ user_id, at }) => [user_id, at]));
    return ids.map((id) => byId.get(id) ?? null);
  }
}
