/**
 * Lint as architecture: who may import whom (docs/architecture.md draws the same), plus what the compiler cannot see.
 * Formatting is Prettier's; no rule here is about it.
 */
import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** The rooms of server/, and the rooms each may import from. Imports flow one way; a room may always import itself. */
const rooms = {
  platform: [],
  ledger: [],
  witness: ['ledger'],
  crypto: [],
  config: ['platform'],
  graphql: ['platform', 'crypto'],
  database: ['platform', 'crypto', 'graphql'],
  audit: ['platform', 'crypto', 'ledger', 'graphql', 'database'],
  access: ['platform', 'crypto', 'graphql', 'database', 'audit'],
};
const floor = Object.keys(rooms).filter((room) => !['config', 'ledger', 'witness'].includes(room));

/** Features, and the features each may use. */
const features = {
  identity: [],
  'api-clients': ['identity'],
  patients: ['identity'],
  visits: ['identity', 'patients'],
  treatments: ['identity', 'patients', 'visits'],
  demographics: ['identity', 'patients'],
  'break-glass': ['identity', 'patients'],
  snooping: ['identity', 'patients'],
  merge: ['identity', 'patients'],
  keys: [],
  reports: ['patients'],
  live: ['identity', 'patients'],
};
const everyFeature = Object.keys(features);

const elements = [
  ...[...Object.keys(rooms), ...everyFeature, 'interop', 'cli'].map((room) => ({
    type: room,
    pattern: `server/${room}`,
    mode: 'folder',
  })),
  { type: 'house', pattern: 'server/*.ts', mode: 'full' },
  { type: 'tests', pattern: 'test/**', mode: 'full' },
  { type: 'verifier', pattern: 'verifier', mode: 'folder' },
  { type: 'bench', pattern: 'bench', mode: 'folder' },
  { type: 'client', pattern: 'client/**', mode: 'full' },
  { type: 'example', pattern: 'examples/**', mode: 'full' },
  { type: 'orm', pattern: 'ormconfig.ts', mode: 'full' },
];

/** Rooms whose door is index.ts; what lies behind it is their own. */
const withDoor = ['ledger', 'witness', 'audit', ...everyFeature, 'interop'];
const server = [...Object.keys(rooms), ...everyFeature, 'interop', 'cli', 'house'];

const directions = [
  ...Object.entries(rooms).map(([room, allowed]) => ({ from: room, allow: [room, ...allowed] })),
  ...Object.entries(features).map(([feature, others]) => ({
    from: feature,
    allow: [feature, ...floor, ...others],
  })),
  { from: 'interop', allow: ['interop', ...floor, ...everyFeature] },
  // What puts the house together and starts it: registry, runtime, app, main, and the commands beside them.
  { from: 'house', allow: server },
  { from: 'cli', allow: [...server, 'verifier'] },
  // What a stranger runs: nothing of the server but the pure ledger.
  { from: 'verifier', allow: ['verifier', 'ledger'] },
  { from: 'orm', allow: ['house', 'config', 'database'] },
  { from: 'bench', allow: ['bench', ...server] },
  { from: 'tests', allow: ['tests', 'bench', 'orm', 'client', 'example', 'verifier', ...server] },
  { from: 'client', allow: ['client'] },
  { from: 'example', allow: ['example'] },
];

/** The two pure rooms: what a stranger must be able to read and rebuild with nothing but Node. */
const pure = (packages, why) => [
  'error',
  { patterns: [{ regex: `^(?!node:|\\.${packages.map((name) => `|${name}$`).join('')})`, message: why }] },
];

/** What this Node offers everywhere, and its CommonJS modules. The compiler knows what TypeScript may use. */
const known = Object.fromEntries(
  [...Object.getOwnPropertyNames(globalThis), 'module', 'require', '__dirname'].map((name) => [name, 'readonly']),
);

const neverOfAPatient = (name) => ({ name, message: 'Nothing of a patient may stay in the browser.' });

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'var/',
      'coverage/',
      'secrets/',
      'client/src/gql/',
      'examples/gql/',
      'test/artefacts/',
      'test/vectors/',
    ],
  },
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, rules: { 'no-warning-comments': 'error' } },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: known },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict],
    rules: {
      // Absent and present are both proven at the places where `!` stands; noUncheckedIndexedAccess would else want noise.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Modules and entities of TypeORM, TypeGraphQL and Apollo are classes, some of them empty.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unsafe-function-type': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      eqeqeq: 'error',
      'no-control-regex': 'off',
    },
  },
  {
    files: ['server/**/*.ts'],
    languageOptions: {
      // With the compiler's settings, so that a class needed for a decorator's metadata is not taken for a type.
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        emitDecoratorMetadata: true,
        experimentalDecorators: true,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // The rules that need types and matter most: an entry of the log or a rollback nobody waits for is a lost one.
      // Only here: types for the tests and the client as well would take the check beyond half a minute.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.tsx', '.js', '.mjs'] } },
      'boundaries/elements': elements,
    },
    rules: {
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          rules: directions,
          message: '${file.type} may not import ${dependency.type} here (docs/architecture.md, "Who may import whom")',
        },
      ],
      'boundaries/no-unknown': 'error',
    },
  },
  {
    files: ['server/**/*.ts'],
    rules: {
      'boundaries/entry-point': [
        'error',
        {
          default: 'allow',
          rules: [
            {
              target: withDoor,
              disallow: '**',
              message: '${dependency.type} is entered through its index.ts, not ${dependency.internalPath}',
            },
            { target: withDoor, allow: 'index.ts' },
          ],
        },
      ],
    },
  },
  { files: ['server/**/*.ts'], ignores: ['server/cli/**'], rules: { 'no-console': 'error' } },
  {
    files: ['server/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
          message: 'A cast by way of unknown hides a wrong type.',
        },
      ],
    },
  },
  {
    files: ['server/**/*.ts'],
    ignores: ['server/config/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read in server/config only.' },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['test', 'it', 'describe'].flatMap((object) =>
          ['skip', 'only', 'todo'].map((property) => ({ object, property, message: 'Every test runs.' })),
        ),
      ],
    },
  },
  { files: ['server/ledger/**'], rules: { 'no-restricted-imports': pure([], 'The ledger imports Node only.') } },
  {
    files: ['server/crypto/**'],
    rules: { 'no-restricted-imports': pure(['lru-cache'], 'crypto imports Node and lru-cache only.') },
  },
  {
    files: ['client/src/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', ...['localStorage', 'sessionStorage', 'indexedDB'].map(neverOfAPatient)],
    },
  },
  // The language somebody chose, the one thing kept in the browser by our own code.
  { files: ['client/src/i18n/**'], rules: { 'no-restricted-globals': 'off' } },
);
