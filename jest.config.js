/** Sources are compiled by swc, with the settings of tsconfig.json. */
const compile = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, tsx: false },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'commonjs' },
  },
];

/** What Fastify and its plugins load as ES modules. */
const moduleOnly = 'cookie|@fastify/cookie|content-disposition|double-metaphone|openid-client|oauth4webapi|jose';

/** One Jest project for everything on the server's side; browser journeys live in test/e2e and run the same way. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  transform: {
    '^.+\\.tsx?$': compile,
    // ES modules (or importers of one), which Jest cannot require by itself on Node 20
    [`/node_modules/(${moduleOnly})/.+\\.js$`]: compile,
  },
  transformIgnorePatterns: [`/node_modules/(?!(${moduleOnly})/)`],
  setupFiles: ['reflect-metadata'],
  testSequencer: '<rootDir>/test/sequencer.cjs',
  testTimeout: 60_000,
};
