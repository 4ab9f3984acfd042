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
      fields: faultsIn(error),
    });
  }
  if (error instanceof IntegrityError || error instanceof KeyUnavailableError) {
    report(error);
    return shaped('INTEGRITY_VIOLATION', errorCatalogue.INTEGRITY_VIOLATION);
  }
  if (wasTimedOut(error)) return shaped('QUERY_TOO_COSTLY', 'Answering this took too long and was stopped.');
  if (hasNul(error)) return shaped('BAD_USER_INPUT', 'The request is not valid.', { fields: [] });
  const code = formatted.extensions?.code;
  if (typeof code === 'string' && documentFaults.has(code)) {
    if (TOO_LONG.test(formatted.message)) return shaped('QUERY_TOO_COSTLY', errorCatalogue.QUERY_TOO_COSTLY);
    const told = code === 'BAD_REQUEST' ? formatted.message : withoutValues(formatted.message);
    return shaped('BAD_USER_INPUT', told, { fields: [] });
  }
  if (error instanceof GraphQLError && typeof code === 'string' && code in errorCatalogue) {
    return shaped(code as ErrorCode, error.message);
  }
  report(error);
  return shaped('INTERNAL', errorCatalogue.INTERNAL);
}

/** No faults of single fields when a rule itself gave up on the input: on half a character, e-mail rules throw a URIError. */
function faultsIn({ extensions: { validationErrors } }: ArgumentValidationError): FieldFault[] {
  return Array.isArray(validationErrors) ? faultsOf(validationErrors) : [];
}

/** SQLSTATE query_canceled: the statement ran longer than PostgreSQL was told to let it. */
function wasTimedOut(error: unknown): boolean {
  return hasState(error, '57014');
}

/** SQLSTATE character_not_in_repertoire: a text asked for has a NUL, which is in none that PostgreSQL keeps. */
function hasNul(error: unknown): boolean {
  return hasState(error, '22021') && error.message.endsWith(': 0x00'); // other bytes are not from a request
}

function hasState(error: unknown, state: string): error is Error {
  return error instanceof Error && 'code' in error && error.code === state;
}

/** Faults of class-validator as a flat list of dotted paths. */
function faultsOf(errors: readonly ValidationError[], prefix = ''): FieldFault[] {
  return errors.flatMap((error) => {
    const path = prefix + error.property;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...faultsOf(error.children ?? [], `${path}.`)];
  });
}

/** What is said when the parser stopped at the token limit or ran out of stack before it, or comparing fields took too long. */
const TOO_LONG =
  /^Syntax Error: Document contains more tha[nt] \d+ tokens|^Maximum call stack size exceeded|^Validation aborted/;

/** Messages of graphql-js that speak of names only: of the schema, of variables, of places in the input. */
const NAMES_ONLY =
  /^(?:Cannot query field|Unknown (argument|type|directive|fragment|operation)|Fields? "|Variable "\$\w+" (of (required )?type|is )|Fragment "|Cannot spread fragment|Must provide|There can be only|The query|This operation)/;

/**
 * Everything else that graphql-js says may quote what was sent, which may be a patient's. Of a faulty value the place is
 * kept; of a syntax error nothing, since its line and column stand beside the message.
 */
function withoutValues(message: string): string {
  if (/^Syntax Error/.test(message)) return 'Syntax error.';
  const place = / at "([\w.[\]]+)"/.exec(message)?.[1];
  const variable = /^Variable "(\$\w+)" got invalid value/.exec(message)?.[1];
  if (variable) return place ? `An invalid value at "${place}".` : `Variable "${variable}" got an invalid value.`;
  return NAMES_ONLY.test(message) ? message : 'The request is not valid.';
}
