import { ArgumentValidationError } from 'type-graphql';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { ValidationError } from 'class-validator';
import { unwrapResolverError } from '@apollo/server/errors';
import { IntegrityError, KeyUnavailableError } from '../crypto/errors';
import { ChartsealError, errorCatalogue, type ErrorCode, type FieldFault } from './errors';

/** Codes Apollo Server gives faults of the document itself, all the sender's own. */
const documentFaults = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/**
 * What a client sees of an error: a code of the catalogue and a message without data. Anything unforeseen is
 * INTERNAL; `report` gets the original for the server log.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  thrown: unknown,
  report: (error: unknown) => void,
): GraphQLFormattedError {
  const error = unwrapResolverError(thrown);
  const { path, locations } = formatted;
  const shaped = (code: ErrorCode, message: string, extras: object = {}): GraphQLFormattedError => ({
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code, ...extras },
  });

  if (error instanceof ChartsealError) return shaped(error.code, error.message, error.extensions);
  if (error instanceof ArgumentValidationError) {
    return shaped('BAD_USER_INPUT', 'The input breaks a rule.', {
      fields: faultsOf(error.extensions.validationErrors ?? []),
    });
  }
  if (error instanceof IntegrityError || error instanceof KeyUnavailableError) {
    report(error);
    return shaped('INTEGRITY_VIOLATION', errorCatalogue.INTEGRITY_VIOLATION);
  }
  const code = formatted.extensions?.code;
  if (typeof code === 'string' && documentFaults.has(code)) {
    return shaped('BAD_USER_INPUT', withoutValues(formatted.message), { fields: [] });
  }
  if (error instanceof GraphQLError && typeof code === 'string' && code in errorCatalogue) {
    return shaped(code as ErrorCode, error.message);
  }
  report(error);
  return shaped('INTERNAL', errorCatalogue.INTERNAL);
}

/** Faults of class-validator as a flat list of dotted paths. */
export function faultsOf(errors: readonly ValidationError[], prefix = ''): FieldFault[] {
  return errors.flatMap((error) => {
    const path = prefix + error.property;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...faultsOf(error.children ?? [], `${path}.`)];
  });
}

/** GraphQL's own messages quote the offending value, which may be a patient's. */
function withoutValues(message: string): string {
  return message
    .replace(/got invalid value .*?(?= at "|; |$)/s, 'got an invalid value')
    .replace(/cannot represent[^:]*: .*$/s, (found) => found.split(':')[0]!);
}
