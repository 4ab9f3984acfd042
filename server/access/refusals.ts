import type { GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';
import type { AuditQueue } from '../audit';
import type { RequestContext } from '../graphql/context';

/**
 * Writes what an operation was refused: one entry for each field at the root, by its name in the contract, with the patients
 * it was refused. Throws AUDIT_UNAVAILABLE.
 */
export async function recordRefusals(
  audit: AuditQueue,
  request: GraphQLRequestContextWillSendResponse<RequestContext>,
): Promise<void> {
  const { contextValue: context, document, operation, errors = [] } = request;
  const refused = new Map<string, Set<string>>();
  for (const error of errors) {
    if (error.extensions.code !== 'FORBIDDEN') continue;
    const [key] = error.path ?? [];
    // the caller chooses the key: under it the log would say whatever the caller likes
    const field = (document && operation && fieldAt(document, operation.selectionSet, String(key))) ?? 'operation';
    const patients = refused.get(field) ?? new Set();
    refused.set(field, patients);
    const patient = context.refusals.get(unwrapResolverError(error));
    if (patient) patients.add(patient);
  }
  await Promise.all(
    [...refused].map(([action, patients]) => audit.record({ action, outcome: 'refused', patients: [...patients] })),
  );
}

/** Name of the field that answers under this key. */
function fieldAt(document: DocumentNode, { selections }: SelectionSetNode, key: string): string | undefined {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if ((selection.alias ?? selection.name).value === key) return selection.name.value;
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
