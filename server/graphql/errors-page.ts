import { errorCatalogue, type ErrorCode, type ErrorExtras } from './errors';

const extras: Partial<Record<ErrorCode, keyof ErrorExtras>> = {
  BAD_USER_INPUT: 'fields',
  CONFLICT: 'current',
  RATE_LIMITED: 'retryAfterSeconds',
  LOCKED: 'retryAfterSeconds',
};

/** docs/errors.md, written from the catalogue; a test fails when the file says something else. */
export function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(([code, meaning]) => {
    const extra = extras[code as ErrorCode];
    return `| \`${code}\` | ${meaning} | ${extra ? `\`${extra}\`` : ''} |`;
  });
  return `# Errors

Written from \`server/graphql/errors.ts\` by \`node scripts/docs.mjs\`; do not edit by hand.

Every error of the API carries one of these codes in \`extensions.code\` and, for questions to the administrator, the request
in \`extensions.requestId\`. The list is closed. No error shows a stack, SQL, the name of a table, or patient data.

| code | meaning | further in \`extensions\` |
| --- | --- | --- |
${rows.join('\n')}

- \`fields\`: \`[{ path, message }]\`, where in the input and what is wrong, never the value.
- \`current\`: \`{ version, changedBy, changedAt }\` of what is stored now; read it again and decide.
- \`retryAfterSeconds\`: how long to wait.
`;
}
