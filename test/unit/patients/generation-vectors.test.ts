import { createHash, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Generation } from '../../../server/patients/search/generation';
import { Plan } from '../../../server/patients/search/plan';
import type { SearchFacts } from '../../../server/patients/search/terms';

/** A patient's row as server/crypto/README.md ("Search generations") has it. */
interface Vector {
  what: string;
  /** The generation's key, hex. */
  key: string;
  patientId: string;
  facts: SearchFacts;
  /** `class value` of every term, and of the one it follows from. */
  terms: { term: [cls: string, value: string]; root?: [cls: string, value: string]; hasToken: boolean }[];
  /** `class value` → how many partitions; all others have `otherwise`. */
  partitions: Record<string, number>;
  otherwise: number;
  /** Letters of the beginnings that have tokens; plans of before have 1, 2, 3, 4 and 6, and do not say so. */
  prefixLengths?: number[];
  /** 16 bytes each, and 6 bytes each, hex, sorted. */
  tokens: string[];
  tags: string[];
}

const vectors = JSON.parse(
  readFileSync(join(__dirname, '../../vectors/search-generation-v1.json'), 'utf8'),
) as Vector[];

/** The format once more, from its description alone: plain, slow, nothing shared with the server. */
class Reference {
  constructor(
    private readonly key: Buffer,
    private readonly vector: Pick<Vector, 'patientId' | 'partitions' | 'otherwise'>,
  ) {}

  row(terms: Vector['terms']): Pick<Vector, 'tokens' | 'tags'> {
    const tags = terms.map(({ term }) => this.salted(this.secret(term).tagKey).subarray(0, 6).toString('hex'));
    for (let place = tags.length % 8; place % 8 !== 0; place = tags.length % 8) {
      const padding = this.salted(this.derive('padding'));
      tags.push(sha256(padding, Buffer.of(place)).subarray(0, 6).toString('hex'));
    }
    const tokens = terms.filter(({ hasToken }) => hasToken).map((one) => this.token(one));
    return { tokens: tokens.sort(), tags: tags.sort() };
  }

  private token({ term, root }: Vector['terms'][number]): string {
    const share = root ? this.placeOfRoot(root) : this.spread(term);
    const partition = Math.floor(share * this.partitionsOf(term));
    return this.partitionDigest(term, partition).subarray(0, 16).toString('hex');
  }

  private placeOfRoot(root: [string, string]): number {
    const count = this.partitionsOf(root);
    const partition = Math.floor(this.spread(root) * count);
    return (partition + this.partitionDigest(root, partition).readUInt32BE(16) / 2 ** 32) / count;
  }

  private partitionsOf([cls, value]: [string, string]): number {
    if (['mrn', 'identifier', 'phone', 'email'].includes(cls)) return 1;
    return this.vector.partitions[`${cls} ${value}`] ?? this.vector.otherwise;
  }

  private spread(term: [string, string]): number {
    return this.salted(this.secret(term).tagKey).readUInt32BE(8) / 2 ** 32;
  }

  private partitionDigest(term: [string, string], partition: number): Buffer {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(partition);
    return sha256(this.secret(term).tokenKey, number);
  }

  secret([cls, value]: [string, string]): { tokenKey: Buffer; tagKey: Buffer } {
    const mac = createHmac('sha512', this.derive(`term/${cls}`))
      .update(value)
      .digest();
    return { tokenKey: mac.subarray(0, 32), tagKey: mac.subarray(32) };
  }

  private salted(key: Buffer): Buffer {
    return sha256(key, Buffer.from(this.vector.patientId.replaceAll('-', ''), 'hex'));
  }

  private derive(info: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key, '', `chartseal/search/v1/${info}`, 32));
  }
}

function sha256(...parts: Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** The plan as it is sealed: first 8 bytes of the token key ‖ partitions u32. */
function planOf({ key, partitions, otherwise, prefixLengths, ...rest }: Vector): Plan {
  const reference = new Reference(Buffer.from(key, 'hex'), { partitions, otherwise, ...rest });
  const entries = Object.entries(partitions).map(([name, count]) => {
    const gap = name.indexOf(' ');
    const number = Buffer.alloc(4);
    number.writeUInt32BE(count);
    return Buffer.concat([reference.secret([name.slice(0, gap), name.slice(gap + 1)]).tokenKey.subarray(0, 8), number]);
  });
  return Plan.read({ prefixes: true, prefixLengths, otherwise, partitions: Buffer.concat(entries).toString('base64') });
}

function split(bytes: Buffer, size: number): string[] {
  return Array.from({ length: bytes.length / size }, (_, at) => bytes.toString('hex', at * size, (at + 1) * size));
}

describe.each(vectors)('the row of $what', (vector) => {
  test('is what the format’s description says', () => {
    const reference = new Reference(Buffer.from(vector.key, 'hex'), vector);
    expect(reference.row(vector.terms)).toEqual({ tokens: vector.tokens, tags: vector.tags });
  });

  test('is what the server stores', () => {
    const generation = new Generation(1, createSecretKey(Buffer.from(vector.key, 'hex')), planOf(vector));
    const { tokens, tags } = generation.rowOf(vector.facts, vector.patientId);
    expect({ tokens: split(tokens, 16), tags: split(tags, 6) }).toEqual({ tokens: vector.tokens, tags: vector.tags });
  });
});
