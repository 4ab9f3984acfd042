import type { Role } from '../../gql/graphql';

/** Roles a person may have. INTEGRATION is for other systems and is not given here. */
export const roles: Role[] = ['ADMIN', 'DOCTOR', 'CLINICIAN', 'NURSE', 'AUDITOR'];
