import 'reflect-metadata';
import { GraphQLObjectType, lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type ContainerType, type NonEmptyArray } from 'type-graphql';

/** Builds the schema from resolver classes; `container` hands out their instances. */
export function buildChartsealSchema(resolvers: Function[], container: ContainerType): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: resolvers as NonEmptyArray<Function>,
    container,
    validate: { forbidUnknownValues: false },
    nullableByDefault: false,
  });
  return schema;
}

/** The schema as text, sorted, as committed in schema.graphql. */
export function printContract(schema: GraphQLSchema): string {
  const header = '# Emitted from the code by `npm run -s chartseal -- schema print`; do not edit by hand.\n\n';
  return `${header}${printSchema(lexicographicSortSchema(schema))}\n`;
}

/** Types, fields, arguments and values without a description; a test wants none. */
export function undescribed(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) => {
      const own = type.description || ['Query', 'Mutation', 'Subscription'].includes(type.name) || isBuiltIn(type.name) ? [] : [type.name];
      if (!('getFields' in type)) return own;
      const fields = Object.values(type.getFields()).flatMap((field) => [
        ...(field.description ? [] : [`${type.name}.${field.name}`]),
        ...('args' in field && type instanceof GraphQLObjectType
          ? field.args.filter((argument) => !argument.description).map((argument) => `${type.name}.${field.name}(${argument.name})`)
          : []),
      ]);
      return [...own, ...fields];
    });
}

function isBuiltIn(name: string): boolean {
  return ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(name);
}
