import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { getVariableValues, Kind, valueFromASTUntyped, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql'; // prettier-ignore
import type { AuditQueue } from '../audit';
import type { RequestContext } from '../graphql/context';
import { isId } from '../platform/ids';

/** Patients that these ids are of: their own, or a visit's or treatment update's; in canonical form, others passed over. */
export type PatientsConcerned = (ids: readonly string[]) => Promise<string[]>;

/** What refusals are read from: the operation as Apollo Server describes it, and the errors of its answer. */
export type AnsweredOperation = Pick<
  GraphQLRequestContextWillSendResponse<RequestContext>,
  'schema' | 'document' | 'operation' | 'errors' | 'request'
>;

/** Answers that tell somebody they may not; trying a grave act without proving oneself is one. */
const REFUSALS = ['FORBIDDEN', 'BREAK_GLASS_AVAILABLE', 'MFA_REQUIRED'];

/**
 * Writes what an operation was refused: one entry for each field at the root, by its name in the contract, with the patients
 * it was asked about. Throws AUDIT_UNAVAILABLE.
 */
export async function recordRefusals(
  audit: AuditQueue,
  request: AnsweredOperation,
  patientsConcerned: PatientsConcerned,
): Promise<void> {
  const { document, operation, errors = [] } = request;
  const asked = new Map<string, Set<string>>();
  for (const error of errors) {
    // a sign-in that goes on by its ticket is not refused; it has an entry of its own
    if (!REFUSALS.includes(String(error.extensions.code)) || error.extensions.ticket) continue;
    // the caller chooses the key: under it the log would say whatever the caller likes
    const field = document && operation && fieldAt(document, operation.selectionSet, String(error.path?.[0]));
    const name = field?.name.value ?? 'operation';
    asked.set(name, new Set([...(asked.get(name) ?? []), ...(field ? idsGiven(request, field) : [])]));
  }
  await Promise.all(
    [...asked].map(async ([action, ids]) => {
      const patients = ids.size > 0 ? await patientsConcerned([...ids]) : [];
      await audit.record({ action, outcome: 'refused', patients });
    }),
  );
}

/** Every id among a field's arguments, however deep, by literal, variable or default. */
function idsGiven({ schema, operation, request }: AnsweredOperation, { arguments: args = [] }: FieldNode): string[] {
  const defined = getVariableValues(schema, operation?.variableDefinitions ?? [], request.variables ?? {});
  const ids: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string' && isId(value)) ids.push(value);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  for (const { value } of args) collect(valueFromASTUntyped(value, defined.coerced));
  return ids;
}

/** The field that answers under this key. */
function fieldAt(document: DocumentNode, { selections }: SelectionSetNode, key: string): FieldNode | undefined {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if ((selection.alias ?? selection.name).value === key) return selection;
      continue;
    }
    const below = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentNamed(document, selection.name.value);
    const field = below && fieldAt(document, below.selectionSet, key);
    if (field) return field;
  }
  return undefined;
}

function fragmentNamed(document: DocumentNode, name: string) {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
  }
  return undefined;
}
