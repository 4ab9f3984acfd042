import { registerEnumType } from 'type-graphql';
import { roles, type Role } from './context';

/** The roles as GraphQL shows them. */
export const RoleEnum = Object.fromEntries(roles.map((role) => [role, role])) as { readonly [R in Role]: R };

registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'What somebody is in the hospital; the permission table says what each role may do.',
  valuesConfig: {
    ADMIN: { description: 'Runs the installation: accounts, all patients’ demographics, the audit log.' },
    DOCTOR: { description: 'Treats: the whole record of patients in their care.' },
    CLINICIAN: { description: 'Treats, without deleting patients.' },
    NURSE: { description: 'Vital signs and treatment updates of patients in their care.' },
    AUDITOR: { description: 'Reads and verifies the audit log; sees no record.' },
    INTEGRATION: { description: 'Another system, limited to what it was allowed.' },
  },
});
