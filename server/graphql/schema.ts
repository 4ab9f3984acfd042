import 'reflect-metadata';
import {
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { buildSchemaSync, getMetadataStorage, type NonEmptyArray, type PubSub } from 'type-graphql';

/** TypeGraphQL wants one as soon as there is a subscription; each of ours says itself where its events come from. */
const noPubSub: PubSub = {
  publish: () => undefined,
  subscribe: (topic) => {
    throw new Error(`The subscription to ${topic} does not say where its events come from.`);
  },
};

/** Builds the schema from instances of resolver classes. */
export function buildChartsealSchema(resolvers: readonly object[]): GraphQLSchema {
  const instances = new Map(resolvers.map((resolver) => [resolver.constructor, resolver]));
  // Fields without a resolver of their own are read by graphql-js; TypeGraphQL's reader would prepare for middleware we have none of.
  for (const field of getMetadataStorage().fields) field.simple ??= true;
  return buildSchemaSync({
    resolvers: [...instances.keys()] as NonEmptyArray<Function>,
    container: { get: (type: Function) => instances.get(type) },
    validate: { forbidUnknownValues: false },
    nullableByDefault: false,
    pubSub: noPubSub,
  });
}

/** The schema as text, sorted, as committed in schema.graphql. */
export function printContract(schema: GraphQLSchema): string {
  const header = '# Emitted from the code by `npm run -s chartseal -- schema print`; do not edit by hand.\n\n';
  return `${header}${printSchema(lexicographicSortSchema(schema))}\n`;
}

/** Types, fields, arguments and values without a description; a test wants none. */
export function undescribed(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isBuiltIn(type.name))
    .flatMap((type) => [...lacking([type], ''), ...membersOf(type)])
    .filter((name) => !isRoot(name));
}

function membersOf(type: GraphQLNamedType): string[] {
  if (isObjectType(type) || isInterfaceType(type)) {
    return Object.values(type.getFields()).flatMap((field) => [
      ...lacking([field], `${type.name}.`),
      ...lacking(field.args, `${type.name}.${field.name}.`),
    ]);
  }
  return isInputObjectType(type) ? lacking(Object.values(type.getFields()), `${type.name}.`) : [];
}

function lacking(things: readonly { name: string; description?: string | null }[], prefix: string): string[] {
  return things.filter(({ description }) => !description).map(({ name }) => prefix + name);
}

function isRoot(name: string): boolean {
  return ['Query', 'Mutation', 'Subscription'].includes(name);
}

function isBuiltIn(name: string): boolean {
  return ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(name);
}
