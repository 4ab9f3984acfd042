import { Session } from './session.entity';
import { User } from './user.entity';

export { hasAdmin, inviteFirstAdmin } from './first-admin';
export { identityResolvers, makeIdentity, type Identity, type IdentitySettings } from './identity';
export { demandSameOrigin } from './same-origin';
export { SessionService } from './session.service';
export { SignInService } from './sign-in.service';
export { createStaff } from './staff-accounts';
export { StaffDirectory } from './staff-directory';
export { StaffMember } from './user.entity';
export { UserRepository } from './user.repository';
export { UserService } from './user.service';
export { Session, User };

/** What TypeORM maps here. */
export const identityEntities = [User, Session];
