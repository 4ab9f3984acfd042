import { pino, type DestinationStream, type Logger } from 'pino';
import { scrub, type ScrubbedError } from './scrub';

export type { Logger } from 'pino';

export interface LoggerOptions {
  level: string;
  /** JSON lines for a collector; otherwise terse lines for a terminal. */
  production: boolean;
  /** Where lines go; standard error unless a test wants them. */
  stream?: DestinationStream;
}

const REDACTED = '[redacted]';
const SECRET_NAME = /authorization|cookie|password|secret|token|e-?mail|api-?key/i;

/**
 * The log of a process, on standard error. Whatever is logged, values under a secret's name are replaced at any depth,
 * errors are scrubbed, and of a request only method, path and address remain: never a body, never a query string.
 */
export function createLogger({ level, production, stream }: LoggerOptions): Logger {
  const stderr: DestinationStream = stream ?? { write: (line) => void process.stderr.write(line) };
  const destination = production ? stderr : { write: (line: string) => stderr.write(terse(line)) };
  return pino(
    {
      level,
      base: production ? { pid: process.pid } : {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (entry) => redacted(entry, 0) as Record<string, unknown>,
      },
      serializers: {
        err: (error: unknown) => scrub(error),
        error: (error: unknown) => scrub(error),
        req: requestLine,
        res: (reply: { statusCode?: number }) => ({ statusCode: reply.statusCode }),
      },
    },
    destination,
  );
}

/** A log that keeps silent, for tests and commands. */
export const silentLogger: Logger = pino({ level: 'silent' });

interface LoggedRequest {
  id?: unknown;
  method?: string;
  url?: string;
  ip?: string;
}

function requestLine({ id, method, url, ip }: LoggedRequest): Record<string, unknown> {
  return { id, method, path: url?.split('?', 1)[0], ip };
}

/** Copies plain objects and arrays with secrets replaced; anything else is left to its serializer. */
function redacted(value: unknown, depth: number): unknown {
  if (value instanceof Error) return depth === 0 ? { err: value } : scrub(value);
  if (Array.isArray(value)) return depth > 5 ? REDACTED : value.map((item) => redacted(item, depth + 1));
  if (!isPlain(value)) return value;
  if (depth > 5) return REDACTED;
  const entries = Object.entries(value).map(([name, inner]) => {
    if (SECRET_NAME.test(name)) return [name, REDACTED];
    return [name, SERIALIZED.includes(name) && depth === 0 ? inner : redacted(inner, depth + 1)];
  });
  return Object.fromEntries(entries);
}

const SERIALIZED = ['err', 'error', 'req', 'res'];

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

interface Entry {
  level: string;
  time: string;
  msg?: string;
  err?: ScrubbedError;
  [name: string]: unknown;
}

/** `12:00:01 warn  message name=value`, with the stack of an error below it. */
function terse(line: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as Entry;
  const names = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const head = [time.slice(11, 19), level.padEnd(5), msg ?? err?.message ?? '', ...names].join(' ');
  if (err === undefined) return `${head}\n`;
  const { stack, ...told } = err;
  return [head, `  ${JSON.stringify(told)}`, ...(stack?.split('\n').slice(0, 6) ?? [])].join('\n') + '\n';
}
