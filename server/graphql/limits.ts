import {
  isCompositeType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { costOfField, pageSize } from './complexity';
import { ChartsealError } from './errors';

/** Bounds of a document; the client's deepest page stays well under half of each. */
export const limits = {
  /** Fields below one another. */
  depth: 12,
  /** The same below __schema and __type: the usual introspection query unwraps types nine times. It reads no data. */
  introspectionDepth: 16,
  /** Aliased fields; a thousand of them is one request doing the work of a thousand. */
  aliases: 30,
  /** Directives in all. */
  directives: 30,
  /** Fields written again beside themselves; merging them costs time and brings nothing. */
  repeats: 30,
  /** Field visits at what each declares, with lists counted by their rows. */
  cost: 20_000,
  /** Lexer tokens; the parser stops there. */
  tokens: 2_000,
  /** Values in the variables, objects and lists among them. */
  values: 5_000,
  /** Objects and lists within one another in the variables. */
  valueDepth: 16,
} as const;

/**
 * Refuses a document that is too deep, too wide or too costly, before any of it runs. Throws QUERY_TOO_COSTLY; the answer
 * for a document and the page sizes in its variables is always the same, so callers may remember it.
 *
 * Own code rather than a library, since it is one walk for all limits and knows how this schema pages.
 *
 * @returns the cost of `operation`, or of the costliest operation when none is named
 */
export function demandModest(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operation?: OperationDefinitionNode,
): number {
  countValues(variables, 0, 1);
  const fragments = new Map<string, FragmentDefinitionNode>();
  const costs = new Map<OperationDefinitionNode, number>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    costs.set(definition, new Walk(schema, fragments, definition, variables).cost());
  }
  return (operation && costs.get(operation)) ?? Math.max(0, ...costs.values());
}

/** Where in a document a walk stands. */
interface Place {
  type: GraphQLCompositeType | null;
  depth: number;
  /** How often these selections are visited. */
  times: number;
  /** Rows of the connection they belong to. */
  page: number;
}

/** One walk through one operation, counting. */
class Walk {
  private readonly variables: Record<string, unknown>;
  private deepest: number = limits.depth;
  private aliases = 0;
  private directives = 0;
  private repeats = 0;
  private total = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly operation: OperationDefinitionNode,
    given: Record<string, unknown>,
  ) {
    this.variables = { ...defaultsOf(operation), ...given };
  }

  cost(): number {
    const { operation, schema } = this;
    this.directives = operation.directives?.length ?? 0;
    const type = schema.getRootType(operation.operation) ?? null;
    this.selections(operation.selectionSet, { type, depth: 1, times: 1, page: 1 });
    return this.total;
  }

  private selections({ selections }: SelectionSetNode, place: Place): void {
    if (place.depth > this.deepest) throw tooCostly(`deeper than ${this.deepest} fields`);
    const seen = new Set<string>();
    for (const selection of selections) {
      this.directives += selection.directives?.length ?? 0;
      if (this.directives > limits.directives) throw tooCostly(`more than ${limits.directives} directives`);
      if (selection.kind === Kind.FIELD) {
        this.repeat(seen, selection);
        this.field(selection, place);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = this.named(selection.typeCondition?.name.value) ?? place.type;
        this.selections(selection.selectionSet, { ...place, type });
      } else {
        const fragment = this.fragments.get(selection.name.value);
        if (!fragment) continue;
        this.selections(fragment.selectionSet, { ...place, type: this.named(fragment.typeCondition.name.value) });
      }
    }
  }

  private repeat(seen: Set<string>, { alias, name }: FieldNode): void {
    const key = (alias ?? name).value;
    if (seen.has(key) && ++this.repeats > limits.repeats) throw tooCostly(`more than ${limits.repeats} fields twice`);
    seen.add(key);
  }

  private field(field: FieldNode, { type, depth, times, page }: Place): void {
    if (field.alias && ++this.aliases > limits.aliases) throw tooCostly(`more than ${limits.aliases} aliases`);
    const cost = costOfField(type, field, page);
    const visits = times * cost.rows;
    this.total += visits * cost.each;
    if (this.total > limits.cost) throw tooCostly(`a cost above ${limits.cost}`);
    if (!field.selectionSet) return;
    if (depth === 1) this.deepest = isIntrospection(field) ? limits.introspectionDepth : limits.depth;
    const below = { type: cost.type, depth: depth + 1, times: visits, page: pageSize(field, this.variables) };
    this.selections(field.selectionSet, below);
  }

  private named(name: string | undefined): GraphQLCompositeType | null {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : null;
  }
}

/** Counts the values in what was sent. Throws QUERY_TOO_COSTLY, so that nobody is asked about a list of a million. */
function countValues(value: unknown, before: number, depth: number): number {
  if (typeof value !== 'object' || value === null) return before + 1;
  if (depth > limits.valueDepth) throw tooCostly(`variables nested deeper than ${limits.valueDepth}`);
  let count = before + 1;
  for (const part of Object.values(value)) {
    count = countValues(part, count, depth + 1);
    if (count > limits.values) throw tooCostly(`more than ${limits.values} values in its variables`);
  }
  return count;
}

function isIntrospection({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

/** Values of variables that the request may leave out. */
function defaultsOf(operation: OperationDefinitionNode): Record<string, unknown> {
  const defaults = (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
    variable.name.value,
    defaultValue?.kind === Kind.INT ? Number(defaultValue.value) : undefined,
  ]);
  return Object.fromEntries(defaults) as Record<string, unknown>;
}

function tooCostly(why: string): ChartsealError {
  return new ChartsealError('QUERY_TOO_COSTLY', `The document has ${why}.`);
}
