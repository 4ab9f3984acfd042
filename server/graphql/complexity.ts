import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
} from 'graphql';
import { DEFAULT_PAGE, MAX_PAGE } from './pagination';

/** Rows that a list without pages is taken to bring: care teams, sessions, key epochs. */
const UNPAGED_ROWS = 5;
/** What a field costs that says nothing: one visit. */
const ONE_VISIT = 1;

/** What one field of a document means for its cost. */
export interface FieldCost {
  /** Of one visit: what its decorator declares as `complexity`, else 1. */
  each: number;
  /** Rows it brings, by which what is below it counts. */
  rows: number;
  /** What is below it; null for a leaf. */
  type: GraphQLCompositeType | null;
}

/**
 * Cost of a field of `parent`. The rows of a page stand in its connection's arguments, so they are handed on from there to
 * `edges`; other lists are taken to bring a few rows.
 *
 * @param page rows of the connection this field belongs to
 */
export function costOfField(parent: GraphQLCompositeType | null, node: FieldNode, page: number): FieldCost {
  const field = fieldOf(parent, node.name.value);
  if (!field) return { each: ONE_VISIT, rows: 1, type: null };
  const named = getNamedType(field.type);
  const type = isCompositeType(named) ? named : null;
  const declared = field.extensions.complexity;
  return { each: typeof declared === 'number' ? declared : ONE_VISIT, rows: rowsOf(field.type, node, page), type };
}

function rowsOf(type: GraphQLOutputType, { name }: FieldNode, page: number): number {
  if (!isListType(getNullableType(type)) || isIntrospectionType(getNamedType(type))) return 1;
  return name.value === 'edges' ? page : UNPAGED_ROWS;
}

/** What a document's fields declare beyond one visit, as `Type.field` → complexity; docs/integrating.md lists them. */
export function declaredComplexities(types: readonly unknown[]): Map<string, number> {
  const declared = new Map<string, number>();
  for (const type of types) {
    if (!isObjectType(type)) continue;
    for (const { name, extensions } of Object.values(type.getFields())) {
      if (typeof extensions.complexity === 'number') declared.set(`${type.name}.${name}`, extensions.complexity);
    }
  }
  return declared;
}

/** How many rows a paged field may bring; an oversized page is refused by the field itself. */
export function pageSize(field: FieldNode, variables: Record<string, unknown>): number {
  for (const { name, value } of field.arguments ?? []) {
    if (name.value !== 'first' && name.value !== 'last') continue;
    const size =
      value.kind === 'IntValue'
        ? Number(value.value)
        : value.kind === 'Variable'
          ? variables[value.name.value]
          : undefined;
    if (typeof size === 'number') return Math.min(Math.max(size, 1), MAX_PAGE);
  }
  return DEFAULT_PAGE;
}

function fieldOf(parent: GraphQLCompositeType | null, name: string): GraphQLField<unknown, unknown> | undefined {
  return parent && (isObjectType(parent) || isInterfaceType(parent)) ? parent.getFields()[name] : undefined;
}
