import { prefixLengths, shared, type PrefixLengths, type Term } from './terms';
import type { TermKeys } from './generation-keys';

/** Patients a token stands for at most, about, in a hospital that is not large. */
const PATIENTS_PER_TOKEN = 32;
/** In a large one, this part of all patients: tokens are looked up one by one, and what they hide is how common a term is. */
const PART_PER_TOKEN = 1 / 8_192;
/** Partitions of every shared term while nothing is known of how common it is: in a hospital without patients. */
const UNKNOWN = 8;
/** Bytes of a term's secret that name it in the plan. */
const NAME_BYTES = 8;
/** Of plans that do not say. */
const LENGTHS_BEFORE: PrefixLengths = [6, 4, 3, 2, 1];

/** A plan as it is sealed. */
export interface StoredPlan {
  prefixes: boolean;
  prefixLengths?: PrefixLengths;
  otherwise: number;
  /** Name (8 bytes) ‖ partitions (u32), one after the other, base64. */
  partitions: string;
  /** Of how many patients it was made; plans of before do not say. */
  patients?: number;
  perToken?: number;
}

/**
 * How many patients a token stands for at most, about: rarer terms have one token, common ones as many as it takes. Always a
 * power of two, so that partitions of a term and of what follows from it lie within each other.
 */
export function patientsPerToken(patients: number): number {
  return Math.max(PATIENTS_PER_TOKEN, Math.round(patients * PART_PER_TOKEN));
}

/** Into how many partitions each term of a generation is split. Fixed for the life of the generation. */
export class Plan {
  constructor(
    /** By which beginnings names are indexed. */
    readonly prefixLengths: PrefixLengths,
    private readonly otherwise: number,
    private readonly partitions: ReadonlyMap<string, number>,
    /** How many patients there were when it was made; 0 while nobody knows. */
    readonly patients = 0,
    private readonly perToken = PATIENTS_PER_TOKEN,
  ) {}

  /** For a hospital that holds nobody yet. */
  static unknown(prefixes: boolean): Plan {
    return new Plan(prefixLengths(prefixes), UNKNOWN, new Map());
  }

  static read({ prefixes, prefixLengths, otherwise, partitions, patients, perToken }: StoredPlan): Plan {
    const bytes = Buffer.from(partitions, 'base64');
    const map = new Map<string, number>();
    for (let at = 0; at < bytes.length; at += NAME_BYTES + 4) {
      map.set(bytes.toString('latin1', at, at + NAME_BYTES), bytes.readUInt32BE(at + NAME_BYTES));
    }
    return new Plan(prefixLengths ?? (prefixes ? LENGTHS_BEFORE : []), otherwise, map, patients, perToken);
  }

  stored(): StoredPlan {
    const bytes = Buffer.alloc(this.partitions.size * (NAME_BYTES + 4));
    let at = 0;
    for (const [name, count] of this.partitions) {
      bytes.write(name, at, 'latin1');
      at = bytes.writeUInt32BE(count, at + NAME_BYTES);
    }
    const { prefixLengths, otherwise, patients, perToken } = this;
    const prefixes = prefixLengths.length > 0;
    return { prefixes, prefixLengths, otherwise, partitions: bytes.toString('base64'), patients, perToken };
  }

  /** Patients behind one token of a common term in the mean: a term has twice the tokens as soon as they stand for too many. */
  get meanPerToken(): number {
    return 0.75 * this.perToken;
  }

  /** Which share of all patients stands behind so many tokens, about; all of them while nobody knows. */
  shareOf(tokens: number): number {
    return Math.min(1, (tokens * this.meanPerToken) / this.patients);
  }

  /** How many tokens this term has. Record numbers, identifiers, phones and addresses always have one. */
  partitionsOf(term: Term, keys: TermKeys): number {
    return shared.has(term.cls) ? (this.partitions.get(nameOf(keys)) ?? this.otherwise) : 1;
  }
}

/** Makes a plan: counts how many patients of a sample have each term. */
export class PlanCount {
  private readonly counts = new Map<string, number>();
  private sampled = 0;

  add(terms: readonly TermKeys[]): void {
    this.sampled += 1;
    for (const keys of terms) {
      const name = nameOf(keys);
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    }
  }

  /**
   * The plan for so many patients. A term that only one patient of a sample has is too uncertain to be split: it may be
   * anything from rare to a few times what a token stands for.
   */
  plan(prefixes: boolean, patients: number): Plan {
    const scale = this.sampled === 0 ? 1 : Math.max(1, patients / this.sampled);
    const perToken = patientsPerToken(patients);
    const partitions = new Map<string, number>();
    for (const [name, count] of this.counts) {
      const doublings = Math.ceil(Math.log2((count * scale) / perToken));
      if (count > 1 && doublings > 0) partitions.set(name, 2 ** doublings);
    }
    return new Plan(prefixLengths(prefixes), 1, partitions, patients, perToken);
  }
}

function nameOf({ token }: TermKeys): string {
  return token.toString('latin1', 0, NAME_BYTES);
}
