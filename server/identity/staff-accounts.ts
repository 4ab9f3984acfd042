import type { Foundation } from '../access/foundation';
import { currentContext, type Role } from '../graphql/context';
import type { Identity } from './identity';
import { demandGoodPassword } from './password-rules';
import type { User } from './user.entity';

/**
 * An account with its password set, for the demonstration hospital and for tests. The caller's context is in the ledger as
 * the one who made it. Throws BAD_USER_INPUT for a taken address or a weak password.
 */
export async function createStaff(
  { base, identity }: { readonly base: Foundation; readonly identity: Identity },
  wanted: { email: string; name: string; role: Role; password: string },
): Promise<User> {
  const { password, ...rest } = wanted;
  await demandGoodPassword(password, wanted.email, 'password');
  const { passwords, accounts } = identity;
  const passwordHash = await passwords.hash(password);
  return base.dataSource.transaction((manager) =>
    accounts.insert(currentContext(), manager, { ...rest, passwordHash }),
  );
}
