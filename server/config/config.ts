import { resolve } from 'node:path';
import { z } from 'zod';
import { ExitError, exitCodes } from '../platform/exit';
import { oidcFaults, oidcSettings, type OidcSettings } from './oidc';
import { snoopingFaults, snoopingSettings, type SnoopingSettings } from './snooping';
import { onOff, paths, postgresUrl, whole, words } from './kinds';
import { rootKeyFaults, rootKeySource, type RootKeySource } from './root-key';
import { readSecrets, type Fault } from './secrets';
import { foreignOrigins, origin, tlsFaults, tlsFiles, trustedProxies, type TlsFiles, type TrustedProxies } from './transport'; // prettier-ignore

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export { pairFaults, type TlsFiles, type TrustedProxies } from './transport';
export type LogLevel = (typeof logLevels)[number];

/** Every setting, checked and resolved. `.env.example` explains each. */
export interface Config {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Absolute path of everything this installation keeps outside PostgreSQL. */
  dataDir: string;
  /** Null: the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null;
  /** Owner of the tables, who migrates; null: the login of `databaseUrl`. */
  ownerDatabaseUrl: string | null;
  /** Login that moves entries into the log; null: the login of `databaseUrl`. */
  sealerDatabaseUrl: string | null;
  /** Load the demo hospital into an empty database. */
  demo: boolean;
  /** Off in small clinics: roles alone decide. */
  careTeam: boolean;
  /** Off: names are found by whole words and by sound, and no token of a beginning is stored. */
  namePrefixSearch: boolean;
  graphiql: boolean;
  production: boolean;
  /** Origin under which people reach the server, without a trailing slash; null: derived from host and port. */
  publicUrl: string | null;
  /** Certificate and key to speak TLS with; null: HTTP, with a proxy before it where it leaves this machine. */
  tls: TlsFiles | null;
  /** Proxies in front whose X-Forwarded-For, -Proto and -Host count; of everybody else they are passed over. */
  trustProxy: TrustedProxies;
  /** Origins of other systems' pages that may ask with a token of their own; never with cookies. */
  corsOrigins: ReadonlySet<string>;
  rootKey: RootKeySource;
  logSigningKeyFile: string;
  /** Policy that names the witnesses of the audit log and how many must have signed; null: nobody is asked. */
  witnessPolicy: string | null;
  /** Close the shard of the audit log when its year is over, and begin the next. */
  yearlyShards: boolean;
  /** The authority that time-stamps checkpoints (RFC 3161); null: none. */
  timeStamps: { url: string; caFile: string; everyMinutes: number } | null;
  /** Bearer token for /metrics from elsewhere than loopback; null: loopback only. */
  metricsToken: string | null;
  /** Connections to PostgreSQL. */
  poolSize: number;
  /** Null: calibrated at start to about 200 ms a check. */
  bcryptCost: number | null;
  /** Roles whose accounts may do nothing until they have a second factor. */
  mfaRequiredRoles: readonly string[];
  /** The hospital's own sign-in service; null: people sign in here alone. */
  oidc: OidcSettings | null;
  /** Rules over the audit log. */
  snooping: SnoopingSettings;
  logLevel: LogLevel;
  /** Age in days after which a data key is due to be replaced. */
  keyMaxAgeDays: number;
  /** Largest request body, in bytes. */
  bodyLimitBytes: number;
  /** Cost of documents that one person, or one address nobody signed in at, may ask for in a minute; null: no limit. */
  costPerMinute: number | null;
  /** How often one person may break the glass within an hour. */
  breakGlassPerHour: number;
  /** Lists of the only documents taken; empty: every document is. */
  trustedDocuments: readonly string[];
  /** Longest time one statement may run in PostgreSQL, in milliseconds. */
  statementTimeoutMs: number;
}

/** The settings as the operating system hands them over. */
export type Environment = Record<string, string | undefined>;

/** Thrown with every fault of the settings at once; the message is ready to print and never shows a secret. */
export class SettingsError extends ExitError {
  constructor(readonly faults: readonly Fault[]) {
    super(
      ['The settings are wrong:', ...faults.map(({ name, message }) => `  ${name}: ${message}`)].join('\n'),
      exitCodes.settings,
    );
    this.name = 'SettingsError';
  }
}

/** Settings that may be given as a file as well. */
const SECRETS = [
  'DATABASE_URL',
  'OWNER_DATABASE_URL',
  'SEALER_DATABASE_URL',
  'METRICS_TOKEN',
  'ROOT_KEY_PKCS11_PIN',
  'OIDC_CLIENT_SECRET',
] as const;

/** A host name or an address, IPv4 or IPv6. */
const HOST = /^[a-z0-9.:_-]{1,253}$/i;

/**
 * Reads every setting from the environment; empty values count as unset.
 * @throws SettingsError listing every fault, not only the first.
 */
export function readConfig(environment: Environment): Config {
  const secrets = readSecrets(environment, SECRETS, ['ROOT_KEY']);
  const given = Object.entries({ ...environment, ...secrets.values })
    .map(([name, value]) => [name, value?.trim()] as const)
    .filter(([, value]) => value);
  const set = Object.fromEntries(given);
  const parsed = settings(environment.NODE_ENV === 'test').safeParse(set);
  const faults = [
    ...secrets.faults,
    ...rootKeyFaults(set),
    ...loginFaults(set),
    ...oidcFaults(set),
    ...snoopingFaults(set),
    ...stampFaults(set),
    ...tlsFaults(set),
  ];
  if (!parsed.success || faults.length > 0) {
    throw new SettingsError([...faults, ...(parsed.error?.issues ?? []).map(asFault)]);
  }
  return toConfig(parsed.data);
}

/** Where people reach this server: PUBLIC_URL, or what host, port and TLS say. */
export function publicUrlOf({
  publicUrl,
  host,
  port,
  tls,
}: Pick<Config, 'publicUrl' | 'host' | 'port' | 'tls'>): string {
  if (publicUrl !== null) return publicUrl;
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  return `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

type Settings = z.infer<ReturnType<typeof settings>>;

function toConfig(given: Settings): Config {
  const dataDir = resolve(given.DATA_DIR);
  const production = given.NODE_ENV === 'production';
  const demo = given.DEMO ?? given.DATABASE_URL === undefined;
  return {
    host: given.HOST,
    port: given.PORT,
    dataDir,
    databaseUrl: given.DATABASE_URL ?? null,
    ownerDatabaseUrl: given.OWNER_DATABASE_URL ?? null,
    sealerDatabaseUrl: given.SEALER_DATABASE_URL ?? null,
    demo,
    careTeam: given.CARE_TEAM,
    namePrefixSearch: given.NAME_PREFIX_SEARCH,
    graphiql: given.GRAPHIQL ?? !production,
    production,
    publicUrl: given.PUBLIC_URL ?? null,
    tls: tlsFiles(given),
    trustProxy: given.TRUST_PROXY,
    corsOrigins: given.CORS_ORIGINS,
    rootKey: rootKeySource(given, dataDir),
    logSigningKeyFile: resolve(given.LOG_SIGNING_KEY_FILE ?? `${dataDir}/log-signing.key`),
    witnessPolicy: given.WITNESS_POLICY ? resolve(given.WITNESS_POLICY) : null,
    yearlyShards: given.AUDIT_SHARDS === 'yearly',
    timeStamps:
      given.TIME_STAMP_URL && given.TIME_STAMP_CA_FILE
        ? {
            url: given.TIME_STAMP_URL,
            caFile: resolve(given.TIME_STAMP_CA_FILE),
            everyMinutes: given.TIME_STAMP_MINUTES,
          }
        : null,
    metricsToken: given.METRICS_TOKEN ?? null,
    poolSize: given.POOL_SIZE,
    bcryptCost: given.BCRYPT_COST ?? null,
    mfaRequiredRoles: given.MFA_REQUIRED_ROLES ?? (demo ? [] : ['ADMIN']),
    oidc: oidcSettings(given),
    snooping: snoopingSettings(given),
    logLevel: given.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    keyMaxAgeDays: given.KEY_MAX_AGE_DAYS,
    bodyLimitBytes: given.BODY_LIMIT_BYTES,
    costPerMinute: given.COST_PER_MINUTE || null,
    breakGlassPerHour: given.BREAK_GLASS_PER_HOUR,
    trustedDocuments: given.TRUSTED_DOCUMENTS,
    statementTimeoutMs: given.STATEMENT_TIMEOUT_MS,
  };
}

function settings(testing: boolean) {
  return z.object({
    NODE_ENV: z.enum(['production', 'development', 'test'], 'must be production, development or test').optional(),
    HOST: z.string().regex(HOST, 'must be a host name or an address').default('localhost'),
    PORT: whole(0, 65_535).default(4000),
    DATA_DIR: z.string().default('./var'),
    DATABASE_URL: postgresUrl.optional(),
    OWNER_DATABASE_URL: postgresUrl.optional(),
    SEALER_DATABASE_URL: postgresUrl.optional(),
    DEMO: onOff.optional(),
    CARE_TEAM: onOff.default(true),
    NAME_PREFIX_SEARCH: onOff.default(true),
    GRAPHIQL: onOff.optional(),
    PUBLIC_URL: origin.optional(),
    TLS_CERT_FILE: z.string().optional(),
    TLS_KEY_FILE: z.string().optional(),
    TRUST_PROXY: trustedProxies.default(0),
    CORS_ORIGINS: foreignOrigins.default(new Set()),
    ROOT_KEY: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits (32 bytes)')
      .transform((hex) => hex.toLowerCase())
      .optional(),
    ROOT_KEY_FILE: z.string().optional(),
    ROOT_KEY_PKCS11_MODULE: z.string().optional(),
    ROOT_KEY_PKCS11_TOKEN: z.string().optional(),
    ROOT_KEY_PKCS11_LABEL: z.string().optional(),
    ROOT_KEY_PKCS11_PIN: z.string().optional(),
    LOG_SIGNING_KEY_FILE: z.string().optional(),
    WITNESS_POLICY: z.string().optional(),
    TIME_STAMP_URL: z.url({ protocol: /^https?$/, error: 'must be the http(s) address of an authority' }).optional(),
    TIME_STAMP_CA_FILE: z.string().optional(),
    TIME_STAMP_MINUTES: whole(1, 1440).default(10),
    AUDIT_SHARDS: z.enum(['yearly', 'off'], 'must be yearly or off').default('yearly'),
    METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
    POOL_SIZE: whole(2, 500).default(10),
    BCRYPT_COST: whole(testing ? 4 : 10, 16).optional(),
    MFA_REQUIRED_ROLES: words.optional(),
    OIDC_ISSUER: z.string().optional(),
    OIDC_CLIENT_ID: z.string().optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    OIDC_NAME: z.string().max(60, 'must have at most 60 characters').optional(),
    OIDC_ROLE_CLAIM: z.string().optional(),
    OIDC_ROLES: z.string().optional(),
    OIDC_CREATE: onOff.optional(),
    OIDC_LOCAL_PASSWORDS: onOff.optional(),
    TIME_ZONE: z.string().optional(),
    SNOOPING_RULES: words.default(['ALL']),
    SNOOPING_BURST_PATIENTS: whole(2, 1_000_000).default(100),
    SNOOPING_BURST_MINUTES: whole(5, 1440).default(60),
    SNOOPING_BURST_FACTOR: whole(1, 100).default(3),
    SNOOPING_ODD_HOURS: z.string().default('23-5'),
    LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).optional(),
    KEY_MAX_AGE_DAYS: whole(1, 36_500).default(365),
    BODY_LIMIT_BYTES: whole(1024, 64 * 1024 * 1024).default(1024 * 1024),
    COST_PER_MINUTE: whole(0, 999_999_999).default(200_000),
    BREAK_GLASS_PER_HOUR: whole(1, 1000).default(20),
    TRUSTED_DOCUMENTS: paths.default([]),
    STATEMENT_TIMEOUT_MS: whole(100, 600_000).default(30_000),
  });
}

/** Logins of a server that is not named would be logins of the embedded one, which has its own. */
function loginFaults(set: Environment): Fault[] {
  if (set.DATABASE_URL) return [];
  return ['OWNER_DATABASE_URL', 'SEALER_DATABASE_URL']
    .filter((name) => set[name])
    .map((name) => ({ name, message: 'goes with a DATABASE_URL' }));
}

/** An authority is worth nothing to whoever does not know by which certificates to believe it. */
function stampFaults({ TIME_STAMP_URL: url, TIME_STAMP_CA_FILE: file }: Environment): Fault[] {
  if (!url === !file) return [];
  return [{ name: url ? 'TIME_STAMP_CA_FILE' : 'TIME_STAMP_URL', message: `goes with a ${url ? 'TIME_STAMP_URL' : 'TIME_STAMP_CA_FILE'}` }]; // prettier-ignore
}

function asFault(issue: z.core.$ZodIssue): Fault {
  return { name: String(issue.path[0] ?? 'settings'), message: issue.message };
}
