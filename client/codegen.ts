import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: process.env.CHARTSEAL_SCHEMA ?? 'schema.graphql',
  generates: {
    'examples/gql/': {
      documents: ['examples/*.ts'],
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { scalars: { DateTime: 'string', LocalDate: 'string' }, useTypeImports: true, enumsAsTypes: true },
    },
    'client/src/gql/': {
      documents: ['client/src/**/*.{ts,tsx}', '!client/src/gql/**'],
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        // Fragments are masked by Apollo Client itself (dataMasking), so their types are masked too.
        inlineFragmentTypes: 'mask',
        customDirectives: { apolloUnmask: true },
        nonOptionalTypename: true,
        skipTypeNameForRoot: true,
        scalars: { DateTime: 'string', LocalDate: 'string' },
        strictScalars: true,
        defaultScalarType: 'unknown',
        useTypeImports: true,
        enumsAsTypes: true,
      },
    },
  },
};

export default config;
