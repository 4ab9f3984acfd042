import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import type { Random } from './random';

/** What documents ask about: real ids and words, so that most questions have answers. */
export interface Pools {
  patients: readonly string[];
  visits: readonly string[];
  treatments: readonly string[];
  users: readonly string[];
  /** Ids that may stand in any place: of anything else, of nothing, and what is no id; none when left out. */
  anyIds?: readonly string[];
  /** Fields of a type of which one is always asked; none when left out. */
  wanted?: Readonly<Record<string, readonly string[]>>;
  /** What people type into the search box. */
  searches: readonly string[];
  /** Values of text arguments and input fields, by name. */
  texts: Readonly<Record<string, readonly string[]>>;
}

export interface RandomDocument {
  text: string;
  variables: Record<string, unknown>;
  operationName: string | null;
}

/** Below the server's own limits, so that most documents are answered; some go beyond on purpose. */
const DEEPEST = 11;
const MOST_FIELDS = 32;
const MOST_ALIASES = 24;
const MOST_DIRECTIVES = 12;
const MOST_ROWS = 120;

/** Fields that documents shall ask for more often than chance would have it. */
const favoured = new Set(['patient', 'patients', 'visit', 'visits', 'treatmentUpdates', 'node', 'similarPatients']);

/** Fields that tell nothing of anybody and cost much. */
const rare = new Set(['demographics']);

/** Files, which tell the name of whom they are about; they have a test of their own. */
const files = new Set(['csv', 'pdf']);

/** What is always asked for: by it one knows of whom an answer tells. */
const always: Readonly<Record<string, string>> = {
  Patient: 'id',
  Visit: 'id',
  TreatmentUpdate: 'id',
  SimilarPatient: 'patient { id }',
  BreakGlassGrant: 'patientId',
  SnoopingFinding: 'patientId',
  AccessExplanation: 'patientId because { kind }',
};

/**
 * Random valid operations of a schema: nested both ways, with aliases, fragments, conditions and variables. The same draws
 * make the same document.
 */
export class DocumentMaker {
  private fragments: string[] = [];
  private declared: string[] = [];
  private variables: Record<string, unknown> = {};
  private fields = 0;
  private aliases = 0;
  private directives = 0;
  private names = 0;
  private leftOut: ReadonlySet<string> = new Set();

  /** Documents drawn that were not valid GraphQL and were drawn anew. */
  rejected = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly pools: Pools,
    private readonly random: Random,
  ) {}

  /** A valid query. */
  query(): RandomDocument {
    return this.valid(() => this.operation('query', this.schema.getQueryType()!));
  }

  /** A valid mutation of one field, whose input is given. */
  mutation(field: string, inputType: string, input: unknown): RandomDocument {
    return this.valid(() => {
      const type = getNamedType(this.schema.getMutationType()!.getFields()[field]!.type);
      this.declared.push(`$input: ${inputType}!`);
      this.variables.input = input;
      const below = isCompositeType(type) ? ` ${this.selection(type, 2, 1, new Map())}` : '';
      return { kind: 'mutation', body: `{ ${field}(input: $input)${below} }` };
    });
  }

  /** A valid mutation of a few fields of the schema but these, with arguments drawn as for queries. */
  mutations(leftOut: ReadonlySet<string>): RandomDocument {
    this.leftOut = leftOut;
    return this.valid(() => this.operation('mutation', this.schema.getMutationType()!));
  }

  private valid(draw: () => { kind: string; body: string }): RandomDocument {
    for (;;) {
      this.fragments = [];
      this.declared = [];
      this.variables = {};
      this.fields = this.aliases = this.directives = this.names = 0;
      const { kind, body } = draw();
      const operationName = this.random.chance(0.8) ? this.name(this.random.pick(['Page', 'List', 'Banner'])) : null;
      const declared = this.declared.length > 0 ? `(${this.declared.join(', ')})` : '';
      const text = [`${kind} ${operationName ?? ''}${declared} ${body}`, ...this.fragments].join('\n');
      if (validate(this.schema, parse(text)).length === 0) return { text, variables: this.variables, operationName };
      this.rejected += 1;
    }
  }

  private operation(kind: string, root: GraphQLCompositeType): { kind: string; body: string } {
    return { kind, body: this.selection(root, 1, 1, new Map()) };
  }

  /** Braces and what stands in them; `used` are the response keys of this object so far, wherever they were written. */
  private selection(type: GraphQLCompositeType, depth: number, rows: number, used: Map<string, string>): string {
    const parts: string[] = [];
    if (always[type.name]) parts.push(always[type.name]!);
    const wanted = this.pools.wanted?.[type.name];
    if (wanted) parts.push(this.random.pick(wanted));
    if (!isObjectType(type)) parts.push('__typename', 'id', ...this.possible(type, depth, rows));
    else {
      for (let count = this.howMany(depth); count > 0; count -= 1) parts.push(...this.part(type, depth, rows, used));
    }
    return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`;
  }

  private howMany(depth: number): number {
    if (depth === 1) return this.random.int(1, 3);
    return this.random.int(1, depth < 6 ? 6 : 4);
  }

  /** Of an interface: a fragment for some of its types. */
  private possible(type: GraphQLCompositeType, depth: number, rows: number): string[] {
    const types = this.schema.getPossibleTypes(type as Parameters<GraphQLSchema['getPossibleTypes']>[0]);
    return this.random
      .some(types, 0.7)
      .map((one) => `... on ${one.name} ${this.selection(one, depth, rows, new Map())}`);
  }

  private part(type: GraphQLCompositeType, depth: number, rows: number, used: Map<string, string>): string[] {
    if (this.fields > MOST_FIELDS) return [];
    if (depth > 1 && this.random.chance(0.12)) return [this.fragment(type, depth, rows, used)];
    const all = Object.values(isObjectType(type) ? type.getFields() : {});
    const asked = all.filter(({ name }) => depth > 1 || !this.leftOut.has(name));
    const fields = asked.filter(({ name }) => !files.has(name) && (!rare.has(name) || this.random.chance(0.05)));
    const wanted = fields.filter(({ name }) => favoured.has(name));
    const field = wanted.length > 0 && this.random.chance(0.6) ? this.random.pick(wanted) : this.random.pick(fields);
    const written = this.field(field, depth, rows, used);
    return written === null ? [] : [written];
  }

  /** The same fields, written in a fragment: inline or by name, on this type or on none, conditional or not. */
  private fragment(type: GraphQLCompositeType, depth: number, rows: number, used: Map<string, string>): string {
    const condition = this.condition();
    const parts = Array.from({ length: this.random.int(1, 3) }, () => this.part(type, depth, rows, used)).flat();
    const body = `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`;
    if (this.random.chance(0.5)) return `...${this.random.chance(0.5) ? ` on ${type.name}` : ''}${condition} ${body}`;
    const name = this.name('F');
    this.fragments.push(`fragment ${name} on ${type.name} ${body}`);
    return `...${name}${condition}`;
  }

  /** One field, or null when it would cost too much or stand in another's way. */
  private field(
    field: GraphQLField<unknown, unknown>,
    depth: number,
    rows: number,
    used: Map<string, string>,
  ): string | null {
    const type = getNamedType(field.type);
    const composite = isCompositeType(type);
    if (composite && (depth >= DEEPEST || (depth > 5 && this.random.chance(0.4)))) return null;
    const paged = field.args.some(({ name }) => name === 'first');
    const size = paged ? this.random.int(1, 4) : 1;
    const many = paged && this.random.chance(0.05) ? 20 : size;
    if (rows * many > MOST_ROWS) return null;
    const args = this.args(field, many);
    const key = this.keyFor(field.name, args, used);
    if (key === null) return null;
    this.fields += 1;
    const alias = key === field.name ? '' : `${key}: `;
    const below = composite ? ` ${this.selection(type, depth + 1, rows * many, new Map())}` : '';
    return `${alias}${field.name}${args}${this.condition()}${below}`;
  }

  /** A response key under which nothing else stands; null when aliases are used up. */
  private keyFor(name: string, args: string, used: Map<string, string>): string | null {
    const key = used.has(name) || this.random.chance(0.1) ? this.name('a') : name;
    if (key !== name && (this.aliases += 1) > MOST_ALIASES) return null;
    used.set(key, name + args);
    return key;
  }

  private condition(): string {
    if (!this.random.chance(0.06) || this.directives >= MOST_DIRECTIVES) return '';
    this.directives += 1;
    const directive = this.random.pick(['include', 'skip']);
    const value = this.random.chance((directive === 'include') === this.random.chance(0.5) ? 0.8 : 0.4);
    const given = this.random.chance(0.5) ? String(value) : this.variable('Boolean!', value);
    return ` @${directive}(if: ${given})`;
  }

  private args(field: GraphQLField<unknown, unknown>, size: number): string {
    const backward = this.random.chance(0.1);
    const given = field.args.flatMap((arg) => {
      const value = this.argument(field.name, arg, size, backward);
      if (value === undefined) return [];
      const literal = this.random.chance(0.4) ? this.variable(String(arg.type), value) : literalOf(value, arg.type);
      return `${arg.name}: ${literal}`;
    });
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  private argument(field: string, arg: GraphQLArgument, size: number, backward: boolean): unknown {
    const { name, type } = arg;
    if (name === 'first') return backward ? undefined : this.random.chance(0.01) ? 0 : size;
    if (name === 'last') return backward ? size : undefined;
    if (name === 'after' || name === 'before') return this.random.chance(0.01) ? 'no cursor' : undefined;
    if (!isNonNullType(type) && this.random.chance(0.5)) return undefined;
    return this.value(name === 'id' ? field : name, type);
  }

  private value(name: string, type: GraphQLInputType): unknown {
    const bare = getNullableType(type);
    if (isListType(bare)) return [this.value(name, bare.ofType as GraphQLInputType)];
    if (isEnumType(bare)) return this.random.pick(bare.getValues()).name;
    if (isInputObjectType(bare)) {
      return Object.fromEntries(
        Object.values(bare.getFields())
          .filter((field) => isNonNullType(field.type) || this.random.chance(0.5))
          .map((field) => [field.name, this.value(field.name, field.type)]),
      );
    }
    return this.scalar(name, String(bare));
  }

  private scalar(name: string, type: string): unknown {
    const { pools, random } = this;
    if (type === 'Boolean') return random.chance(0.5);
    if (type === 'Int') return random.int(1, 3);
    if (type === 'DateTime')
      return random.pick(['2020-01-01T00:00:00Z', '2026-02-15T00:00:00Z', '2999-01-01T00:00:00Z']);
    if (type === 'LocalDate') return random.pick(pools.texts.birthDate ?? ['1980-01-01']);
    if (type === 'ID') return this.id(name);
    return random.pick(name === 'search' ? pools.searches : (pools.texts[name] ?? ['nothing']));
  }

  private id(name: string): string {
    const { patients, visits, treatments, users, anyIds } = this.pools;
    if (anyIds && this.random.chance(0.12)) return this.random.pick(anyIds);
    if (this.random.chance(0.03)) return '0192a000-0000-7000-8000-000000000000';
    if (/patient/i.test(name)) return this.random.pick(patients);
    if (/user|actor/i.test(name)) return this.random.pick(users);
    if (/visit/i.test(name) && this.random.chance(0.9)) return this.random.pick(visits);
    return this.random.pick(this.random.pick([patients, patients, visits, treatments]));
  }

  /** Declares a variable with this value; answers how it is written. */
  private variable(type: string, value: unknown): string {
    const name = this.name('v');
    const asDefault = type === 'Int' && this.random.chance(0.3);
    this.declared.push(`$${name}: ${type}${asDefault ? ` = ${String(value)}` : ''}`);
    if (!asDefault) this.variables[name] = value;
    return `$${name}`;
  }

  private name(prefix: string): string {
    this.names += 1;
    return `${prefix}${this.names}`;
  }
}

/** A value as GraphQL writes it. */
function literalOf(value: unknown, type: GraphQLInputType): string {
  const bare = getNullableType(type);
  if (isListType(bare))
    return `[${(value as unknown[]).map((one) => literalOf(one, bare.ofType as GraphQLInputType)).join(', ')}]`;
  if (isEnumType(bare)) return String(value);
  if (isInputObjectType(bare)) {
    const members = Object.entries(value as Record<string, unknown>).map(
      ([name, member]) => `${name}: ${literalOf(member, bare.getFields()[name]!.type)}`,
    );
    return `{ ${members.join(', ')} }`;
  }
  return JSON.stringify(value);
}
