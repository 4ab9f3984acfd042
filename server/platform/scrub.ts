/** What may be told of an error: no SQL, no parameters, no DETAIL, no quoted values. */
export interface ScrubbedError {
  type: string;
  message: string;
  code?: string;
  table?: string;
  constraint?: string;
  stack?: string;
  cause?: ScrubbedError;
}

/** SQLSTATE class 22, data exception: PostgreSQL quotes the offending value in the message itself. */
const DATA_EXCEPTION = /^22/;
/** Errors whose messages quote what was sent to them. */
const QUOTES_INPUT = ['SyntaxError', 'GraphQLError', 'ZodError'];
const EMAIL = /[^\s@"'<>]+@[^\s@"'<>]+\.[^\s@"'<>]+/g;
const CREDENTIALS = /\/\/[^/\s@]*@/g;

/**
 * Makes an error fit for a log. TypeORM's QueryFailedError carries the statement's parameters, and PostgreSQL's DETAIL
 * the values of a row; neither is copied.
 */
export function scrub(error: unknown, depth = 0): ScrubbedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no Error was thrown' };
  const { code, table, constraint } = databaseFields(error);
  const scrubbed: ScrubbedError = { type: error.name, message: messageOf(error, code) };
  if (code !== undefined) scrubbed.code = code;
  if (table !== undefined) scrubbed.table = table;
  if (constraint !== undefined) scrubbed.constraint = constraint;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  if (frames !== undefined && frames.length > 0) scrubbed.stack = frames.join('\n');
  if (error.cause !== undefined && depth < 3) scrubbed.cause = scrub(error.cause, depth + 1);
  return scrubbed;
}

function messageOf(error: Error, code: string | undefined): string {
  if (code !== undefined && DATA_EXCEPTION.test(code)) return 'PostgreSQL refused a value';
  const message = QUOTES_INPUT.includes(error.name) ? error.message.replace(/"[^"]*"/g, '"…"') : error.message;
  return message.replace(CREDENTIALS, '//…@').replace(EMAIL, '…@…');
}

function databaseFields(error: Error): { code?: string; table?: string; constraint?: string } {
  const source: object = 'driverError' in error && error.driverError instanceof Error ? error.driverError : error;
  const field = (name: string): string | undefined => {
    const value: unknown = name in source ? Reflect.get(source, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return { code: field('code'), table: field('table'), constraint: field('constraint') };
}
