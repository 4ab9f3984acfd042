import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the code does nowhere, or in the named places alone; docs/asvs.md rests on it. */
const root = join(__dirname, '../..');
const sources = ['server', 'client/src', 'verifier'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|tsx)$/.test(file))
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(root, folder, file), 'utf8') })),
);

const holding = (pattern: RegExp, folder = ''): string[] =>
  sources.filter(({ file, text }) => file.startsWith(folder) && pattern.test(text)).map(({ file }) => file);

test.each<[what: string, pattern: RegExp]>([
  ['runs text as code', /\beval\(|\bnew Function\(|from 'node:vm'/],
  ['puts text into a page as HTML', /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write/],
  ['starts a shell', /\bexec(?:Sync)?\(.*\bchild_process|\bimport \{[^}]*\bexec(?:Sync)?\b[^}]*\} from 'node:child_process'|shell: true/],
  ['uses a broken hash or a mode without authentication', /'md5'|-(?:ecb|cbc|ctr)'|createCipher\(|RSA_PKCS1_PADDING/],
  ['listens to messages of other windows', /(?:window\.|[^.\w])addEventListener\('message'|window\.postMessage/],
  ['reads keys from where a token says', /\b(?:jku|x5u)\b/],
])('no source %s', (_what, pattern) => {
  expect(holding(pattern)).toEqual([]);
}); // prettier-ignore

test('the server asks others in three places, and follows no redirect', () => {
  const asking = holding(/[^.\w]fetch\(|\bhttps?\.request\(|openid-client'\)/, 'server');
  expect(asking.sort()).toEqual(['server/audit/time-stamps.ts', 'server/audit/witnesses.ts', 'server/identity/oidc/provider.ts']); // prettier-ignore
  expect(holding(/[^.\w]fetch\(/, 'server').sort()).toEqual(holding(/redirect: 'error'/, 'server').sort());
});

test('the browser keeps nothing but the language', () => {
  expect(holding(/\b(?:localStorage|sessionStorage|indexedDB|document\.cookie)\b/, 'client')).toEqual([
    'client/src/i18n/index.ts',
  ]);
});
