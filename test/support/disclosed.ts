import {
  GraphQLError,
  Kind,
  getNamedType,
  getVariableValues,
  isAbstractType,
  isObjectType,
  parse,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { RandomDocument } from './random-document';
import {
  inList,
  proofs,
  reasons,
  reports,
  shown,
  TAKEN,
  told,
  type Disclosure,
  type Expected,
  type Known,
  type Viewer,
} from './what-is-told';

interface AnswerBody {
  data?: Record<string, unknown> | null;
  errors?: { path?: (string | number)[]; extensions: { code: string; fields?: { path: string; message: string }[] } }[];
}

/** Reads what one answer discloses. */
export class DisclosureReader {
  private readonly document: DocumentNode;
  private readonly variables: Record<string, unknown>;
  private readonly byPatient = new Map<string, Set<string>>();
  private readonly further: Expected[] = [];
  private searched = false;
  private readonly addresses = new Set<string>();

  constructor(
    private readonly known: Known,
    { text, variables }: RandomDocument,
    private readonly viewer: Viewer,
  ) {
    this.document = parse(text);
    const { coerced } = getVariableValues(known.schema, this.operation.variableDefinitions ?? [], variables);
    this.variables = coerced ?? {};
  }

  read(body: string): Disclosure {
    const { data, errors = [] } = JSON.parse(body) as AnswerBody;
    const { query, mutation } = {
      query: this.known.schema.getQueryType()!,
      mutation: this.known.schema.getMutationType()!,
    };
    const root = this.operation.operation === 'mutation' ? mutation : query;
    if (data) this.object(root, [this.operation.selectionSet], data, null);
    this.refusals(root, errors);
    this.searched ||= errors.some(({ extensions }) => extensions.fields?.some(({ message }) => TAKEN.test(message)));
    const entries = [...this.reads(), ...this.further]
      .flatMap((entry) => this.apart(entry))
      .sort((one, other) => key(one).localeCompare(key(other)));
    return { entries, torn: errors.length > 0 };
  }

  private get operation() {
    const [operation] = this.document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new GraphQLError('The operation comes first.');
    return operation;
  }

  private reads(): Expected[] {
    const entries: Expected[] = [];
    const overseen = (group: string) => this.viewer.reviews && ['breakGlass', 'snooping'].includes(group);
    const found = [...this.byPatient.values()].some((groups) => groups.has('search'));
    entries.push(...this.readOf((group) => !overseen(group)));
    entries.push(...this.readOf(overseen).map((entry) => ({ ...entry, purpose: 'oversight' })));
    if (this.searched && !found) entries.push(expected('search', {}));
    if (this.addresses.size > 0) entries.push(expected('read', { fields: [...this.addresses] }));
    return entries;
  }

  /** The entry of what was told of these groups; none when nothing was. */
  private readOf(asked: (group: string) => boolean): Expected[] {
    const told = [...this.byPatient].map(([patient, groups]) => ({ patient, groups: [...groups].filter(asked) }));
    const some = told.filter(({ groups }) => groups.length > 0);
    if (some.length === 0) return [];
    const fields = [...new Set(some.flatMap(({ groups }) => groups))];
    return [expected('read', { fields, patients: some.map(({ patient }) => patient) })];
  }

  /** Patients on whom the glass is broken stand in entries of their own, whose purpose says so. */
  private apart(entry: Expected): Expected[] {
    const broken = entry.patients.filter((patient) => this.viewer.glassBrokenOn.has(patient));
    const others = entry.patients.filter((patient) => !broken.includes(patient));
    const rest = broken.length === 0 || others.length > 0 ? [{ ...entry, patients: others }] : [];
    return [...rest, ...broken.map((patient) => ({ ...entry, patients: [patient], purpose: 'emergency' }))];
  }

  /** One entry for each root field that was refused, with the patients it was about. */
  private refusals(root: GraphQLObjectType, errors: NonNullable<AnswerBody['errors']>): void {
    const refused = new Map<string, Set<string>>();
    const fields = this.collect(root, [this.operation.selectionSet]);
    for (const { path, extensions } of errors) {
      if (!['FORBIDDEN', 'BREAK_GLASS_AVAILABLE', 'MFA_REQUIRED'].includes(extensions.code)) continue;
      const [field] = fields.get(String(path?.[0])) ?? [];
      if (!field) throw new Error('a refusal of a field that was not asked for');
      const patients = refused.get(field.name.value) ?? new Set();
      refused.set(field.name.value, patients);
      for (const id of textsIn(this.args(field))) {
        const patient = this.known.patientOf.get(id);
        if (patient) patients.add(patient);
      }
    }
    for (const [field, patients] of refused)
      this.further.push({ ...expected(field, { patients: [...patients] }), outcome: 'refused' });
  }

  private object(
    type: GraphQLObjectType,
    selections: SelectionSetNode[],
    value: Record<string, unknown>,
    filtered: readonly string[] | null,
  ): void {
    const named = value.patientId ?? value.id ?? (value.patient as { id?: string } | undefined)?.id;
    const patient = this.known.patientOf.get(String(named));
    const ofMany = value.patientId === null; // a finding about many patients tells of none
    const groups = ofMany ? undefined : told[type.name];
    if (groups && !patient) throw new Error(`a ${type.name} of nobody: ${JSON.stringify(value)}`);
    for (const group of [
      ...((!ofMany && shown[type.name]) || []),
      ...(type.name === 'Patient' ? (filtered ?? []) : []),
    ]) {
      this.note(patient!, [group]);
    }
    if (type.name === 'AccessExplanation') this.explained(patient!, value.because as { kind: string }[]);
    for (const [responseKey, [first, ...more]] of this.collect(type, selections)) {
      const answer = value[responseKey];
      if (!first || answer === undefined || first.name.value === '__typename') continue;
      const name = first.name.value;
      if (groups) {
        if (!groups[name]) throw new Error(`${type.name}.${name}: say in test/support/disclosed.ts what it tells.`);
        this.note(patient!, groups[name]);
      }
      this.further.push(...this.ofItself(type, first, answer));
      const below = [first, ...more].flatMap(({ selectionSet }) => selectionSet ?? []);
      const finding = name === 'patients' ? this.found(this.args(first)) : inList.has(name) ? filtered : null;
      this.value(getNamedType(type.getFields()[name]!.type) as GraphQLObjectType, below, answer, finding);
    }
  }

  private value(
    type: GraphQLObjectType,
    below: SelectionSetNode[],
    answer: unknown,
    filtered: readonly string[] | null,
  ): void {
    if (below.length === 0 || answer === null) return;
    if (Array.isArray(answer)) return answer.forEach((one) => this.value(type, below, one, filtered));
    const object = answer as Record<string, unknown>;
    const exact = isAbstractType(type) ? this.known.schema.getType(String(object.__typename)) : type;
    this.object(exact as GraphQLObjectType, below, object, filtered);
  }

  /** What standing in a narrowed list tells of a patient. */
  private found(args: Record<string, unknown>): string[] {
    const filter = (args.filter ?? {}) as Record<string, unknown>;
    const searched = String(args.search ?? '').trim() !== '';
    if (searched) this.searched = true;
    return [
      ...(filter.gender ? ['gender'] : []),
      ...(typeof filter.deceased === 'boolean' ? ['deceasedAt'] : []),
      ...(searched ? ['search'] : []),
    ];
  }

  /** Fields with an entry of their own, and such as show colleagues’ addresses. */
  private ofItself(type: GraphQLObjectType, field: FieldNode, answer: unknown): Expected[] {
    const name = field.name.value;
    if (type.name === 'User' && ['address', 'email'].includes(name)) this.addresses.add(name);
    if (type.name === 'Patient' || type.name === 'Visit') return [];
    const args = this.args(field);
    if (name === 'auditEntries') {
      const { patientId } = (args.filter ?? {}) as { patientId?: string };
      return [expected('view-log', { patients: patientId ? [patientId] : [], purpose: 'oversight' })];
    }
    const report = reports[name];
    if (report && answer !== null)
      return [expected('report', { patients: [String(args.patientId)], fields: [report], purpose: 'oversight' })];
    if (proofs.has(name) && answer !== null) return [expected('view-log', { purpose: 'oversight' })];
    if (name === 'encryptedRecord' && answer !== null)
      return [expected('read-stored', { patients: [String(args.patientId)] })];
    if (name === 'similarPatients') this.searched ||= asksForSomebody(args.input as Record<string, unknown>);
    if (name === 'visits' || name === 'treatmentUpdates') this.ofOne(args, name);
    if (name === 'mergePreview' && answer !== null)
      for (const id of [args.keepId, args.mergeId]) this.note(String(id), ['merge']);
    const overseen = { breakGlassGrants: 'breakGlass', snoopingFindings: 'snooping' }[name];
    if (overseen && this.viewer.reviews && answer !== null) {
      const { patientId } = (args.filter ?? {}) as { patientId?: string };
      if (patientId) this.note(patientId, [overseen]); // also that there is none
    }
    return [];
  }

  private explained(patient: string, because: readonly { kind: string }[]): void {
    for (const { kind } of because) {
      if (!reasons[kind]) throw new Error(`${kind}: say in test/support/what-is-told.ts what this reason tells.`);
      this.note(patient, reasons[kind]);
    }
  }

  /** A list of one patient’s visits or updates tells of that patient also when it is empty. */
  private ofOne({ patientId }: Record<string, unknown>, name: string): void {
    if (patientId) this.note(String(patientId), [name === 'visits' ? 'visits' : 'treatment']);
  }

  private note(patient: string, groups: readonly string[]): void {
    if (groups.length === 0) return;
    const noted = this.byPatient.get(patient) ?? new Set();
    this.byPatient.set(patient, noted);
    for (const group of groups) noted.add(group);
  }

  /** The fields asked of an object, by response key, out of all fragments that fit its type. */
  private collect(type: GraphQLObjectType, selections: readonly SelectionSetNode[]): Map<string, FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const gather = (set: SelectionSetNode): void => {
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          const responseKey = selection.alias?.value ?? selection.name.value;
          fields.set(responseKey, [...(fields.get(responseKey) ?? []), selection]);
          continue;
        }
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragment(selection.name.value);
        const on = fragment.typeCondition?.name.value;
        if (!on || on === type.name || isInterfaceOf(on, type)) {
          gather(fragment.selectionSet);
        }
      }
    };
    selections.forEach(gather);
    return fields;
  }

  private fragment(name: string) {
    for (const definition of this.document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
    }
    throw new Error(`no fragment ${name}`);
  }

  private args(field: FieldNode): Record<string, unknown> {
    return Object.fromEntries(
      (field.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, this.variables)]),
    );
  }
}

/** Anything that a patient could be known by; a name or a birth date alone is too little to be looked for. */
function asksForSomebody({ name, birthDate, phone, identifiers }: Record<string, unknown>): boolean {
  return (!!name && !!birthDate) || !!phone || (Array.isArray(identifiers) && identifiers.length > 0);
}

/** Every text in arguments, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function isInterfaceOf(name: string, type: GraphQLObjectType): boolean {
  return isObjectType(type) && type.getInterfaces().some((face) => face.name === name);
}

function expected(action: string, what: Partial<Expected>): Expected {
  const { fields = [], patients = [], purpose = 'treatment' } = what;
  return { action, outcome: 'ok', purpose, fields: [...fields].sort(), patients: [...new Set(patients)].sort() };
}

/** By what entries of one request are put in order. */
export function key({ action, outcome, fields, patients }: Expected): string {
  return [action, outcome, fields.join(), patients.join()].join(' ');
}
