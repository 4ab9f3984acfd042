import type { Foundation } from '../../access/foundation';
import { FOUND } from '../../audit';
import { normaliseIdentifier, normaliseName, normalisePhone } from '../../crypto/normalise';
import { binaryArray } from '../../database/binary-array';
import { privately } from '../../database/sealed-column';
import type { RequestContext } from '../../graphql/context';
import type { Patient } from '../patient.entity';
import type { PatientRepository } from '../patient.repository';
import type { Generation } from './generation';
import type { Generations } from './generations';
import { patientsOf, rowsWithTokens } from './leg-sql';
import { Likeness, type SimilarPatient, type SimilarPatientsInput } from './similar.inputs';
import type { Term } from './terms';

/** Patients looked at for one of the reasons; the birth date of so many living people in one hospital is the same. */
const OPENED_AT_MOST = 200;
/** Warnings shown at most. */
const SHOWN_AT_MOST = 20;

/** Finds patients who may be the one about to be registered: those this person may read, and no hint of others. */
export class SimilarPatients {
  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
    private readonly generations: Generations,
  ) {}

  /** Recorded in the ledger like a search, also when it finds nobody. */
  async find(context: RequestContext, input: SimilarPatientsInput): Promise<SimilarPatient[]> {
    this.base.policy.demand(context.actor, 'PATIENT_WRITE');
    const terms = lookedUp(input);
    if (terms.length === 0) return [];
    context.demandOpen(FOUND);
    context.mustRecord = true;
    const generation = await this.generations.active();
    const found = new Map<string, SimilarPatient>();
    for (const group of terms) {
      for (const patient of await this.candidates(context, generation, group)) {
        const because = privately(() => likenesses(patient, input));
        if (because.length > 0) found.set(patient.id, { patient, because });
      }
    }
    const similar = [...found.values()].slice(0, SHOWN_AT_MOST);
    for (const { patient } of similar) {
      context.note(patient.id, FOUND);
      this.patients.remember(context, patient);
    }
    return similar;
  }

  /** Readable patients who have one of these terms; of a birth date's, those who share a word of the name as well. */
  private async candidates(context: RequestContext, generation: Generation, terms: Term[]): Promise<Patient[]> {
    const { actor } = context;
    const tokens = terms.flatMap((term) => generation.tokensOf(term));
    const values: unknown[] = [generation.version, binaryArray('bytea', tokens)];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const access = this.base.policy.patientCondition(actor, 'PATIENT_READ', 't.id', bind);
    const readable = access ? `t.deleted_at IS NULL AND ${access}` : 't.deleted_at IS NULL';
    const found = `SELECT s.patient_id, 0 AS turn FROM ${rowsWithTokens('$2', '$1')}`;
    const source = patientsOf([found], readable, { turns: 1, descending: true, limit: String(OPENED_AT_MOST) });
    return (await this.patients.selectWithPlace(source, 'k.turn', values)).map(({ patient }) => patient);
  }
}

/** What to look for, apart for each reason. */
function lookedUp({ name, birthDate, phone, identifiers }: SimilarPatientsInput): Term[][] {
  const groups: Term[][] = [];
  if (name && birthDate) groups.push([{ cls: 'birth-date', value: birthDate }]);
  if (phone && normalisePhone(phone) !== '') groups.push([{ cls: 'phone', value: normalisePhone(phone) }]);
  const numbers = (identifiers ?? []).map(({ system, value }): Term => ({ cls: 'identifier', value: normaliseIdentifier(system, value) })); // prettier-ignore
  if (numbers.length > 0) groups.push(numbers);
  return groups;
}

function likenesses(patient: Patient, { name, birthDate, phone, identifiers }: SimilarPatientsInput): Likeness[] {
  const because: Likeness[] = [];
  if (name && birthDate && patient.birthDate === birthDate && folded(patient.name) === folded(name)) {
    because.push(Likeness.NAME_AND_BIRTH_DATE);
  }
  const numbers = new Set((patient.identifiers ?? []).map(({ system, value }) => normaliseIdentifier(system, value)));
  if ((identifiers ?? []).some(({ system, value }) => numbers.has(normaliseIdentifier(system, value)))) {
    because.push(Likeness.IDENTIFIER);
  }
  if (phone && patient.phone && normalisePhone(patient.phone) === normalisePhone(phone)) because.push(Likeness.PHONE);
  return because;
}

/** Family and given names without accents, case and punctuation, in their order. */
function folded({ family, given }: { family: string; given: readonly string[] }): string {
  return [family, ...given].flatMap(normaliseName).join(' ');
}
