import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { ChartsealError } from './errors';
import { DEFAULT_PAGE, MAX_PAGE } from './pagination';

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
  /** Field visits, with lists counted by their page size. */
  cost: 20_000,
  /** Lexer tokens; the parser stops there. */
  tokens: 4_000,
} as const;

interface Tally {
  aliases: number;
  directives: number;
  cost: number;
}

/**
 * Refuses a document that is too deep, too wide or too costly, before any of it runs. Throws QUERY_TOO_COSTLY; the answer
 * for a document and the page sizes in its variables is always the same, so callers may remember it.
 *
 * Own code rather than a library, since it is one walk for all four limits and knows how this schema pages.
 */
export function demandModest(document: DocumentNode, variables: Record<string, unknown>): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) walkOperation(definition, fragments, variables);
  }
}

function walkOperation(
  operation: OperationDefinitionNode,
  fragments: Map<string, FragmentDefinitionNode>,
  given: Record<string, unknown>,
): void {
  const variables = { ...defaultsOf(operation), ...given };
  let deepest: number = limits.depth;
  const tally: Tally = { aliases: 0, directives: operation.directives?.length ?? 0, cost: 0 };

  /** `times`: how often these selections are visited; `page`: rows of the list they belong to. */
  const walk = (selections: SelectionSetNode, depth: number, times: number, page: number): void => {
    if (depth > deepest) throw tooCostly(`deeper than ${deepest} fields`);
    for (const selection of selections.selections) {
      tally.directives += selection.directives?.length ?? 0;
      if (tally.directives > limits.directives) throw tooCostly(`more than ${limits.directives} directives`);
      if (selection.kind === Kind.FIELD) walkField(selection, depth, times, page);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, depth, times, page);
      else {
        const fragment = fragments.get(selection.name.value);
        if (fragment) walk(fragment.selectionSet, depth, times, page);
      }
    }
  };

  const walkField = (field: FieldNode, depth: number, times: number, page: number): void => {
    if (field.alias && ++tally.aliases > limits.aliases) throw tooCostly(`more than ${limits.aliases} aliases`);
    const visits = field.name.value === 'edges' ? times * page : times;
    tally.cost += visits;
    if (tally.cost > limits.cost) throw tooCostly(`a cost above ${limits.cost}`);
    if (!field.selectionSet) return;
    if (depth === 1) deepest = isIntrospection(field) ? limits.introspectionDepth : limits.depth;
    walk(field.selectionSet, depth + 1, visits, pageSize(field, variables));
  };

  walk(operation.selectionSet, 1, 1, 1);
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

/** How many rows a paged field may bring; an oversized page is refused by the field itself. */
function pageSize(field: FieldNode, variables: Record<string, unknown>): number {
  for (const argument of field.arguments ?? []) {
    if (argument.name.value !== 'first' && argument.name.value !== 'last') continue;
    const { value } = argument;
    const size =
      value.kind === Kind.INT
        ? Number(value.value)
        : value.kind === Kind.VARIABLE
          ? variables[value.name.value]
          : undefined;
    if (typeof size === 'number') return Math.min(Math.max(size, 1), MAX_PAGE);
  }
  return DEFAULT_PAGE;
}

function tooCostly(why: string): ChartsealError {
  return new ChartsealError('QUERY_TOO_COSTLY', `The document has ${why}.`);
}
