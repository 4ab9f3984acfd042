import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';
import { normaliseEmail, normaliseName } from '../../crypto/normalise';
import { writeUuid } from '../../crypto/uuid';

/** What a patient and a member of staff may have in common; each has a key of its own. */
const likenessKinds = ['surname', 'address', 'person'] as const;
export type LikenessKind = (typeof likenessKinds)[number];

/** One normalised value of a kind. */
export interface Likeness {
  kind: LikenessKind;
  value: string;
}

/** What of a patient is compared with staff. */
export interface LikenessFacts {
  name: { family: string; given: readonly string[] };
  email: string | null;
  address?: PostalFacts | null;
}

/** What of an address is compared. */
export interface PostalFacts {
  line: readonly string[];
  city?: string | null;
  postalCode?: string | null;
}

export const LIKENESS_TAG_BYTES = 8;
/** Tags of a row are padded to a multiple of this, so that their number does not tell how many family names there are. */
const TAGS_MULTIPLE = 4;
const TOKEN_BYTES = 32;

/**
 * What a patient may have in common with staff: each word of the family name; the address; and, to tell that the patient
 * is staff, first given name with each family name, and the e-mail address.
 */
export function likenessOf({ name, email, address }: LikenessFacts): Likeness[] {
  const families = normaliseName(name.family);
  const [first] = normaliseName(name.given[0] ?? '');
  return [
    ...families.map((value) => ({ kind: 'surname' as const, value })),
    ...families.flatMap((family) => (first ? [fullName(first, family)] : [])),
    ...byMail(email),
    ...atHome(address),
  ];
}

/** A person by first given and family name, both normalised. */
export function fullName(first: string, family: string): Likeness {
  return { kind: 'person', value: `${first} ${family}` };
}

/** A person by e-mail address; empty without one. */
export function byMail(email: string | null): Likeness[] {
  return email ? [{ kind: 'person', value: `@${normaliseEmail(email)}` }] : [];
}

/** Street lines with the postal code, else with the town; nothing where either is missing: a town alone is no home. */
export function atHome(address: PostalFacts | null | undefined): Likeness[] {
  const street = normaliseName((address?.line ?? []).join(' ')).join(''); // 1 B is 1B
  const postalCode = normaliseName(address?.postalCode ?? '').join('');
  const place = postalCode || normaliseName(address?.city ?? '').join(' ');
  return street && place ? [{ kind: 'address', value: `${street}\0${place}` }] : [];
}

/**
 * Keys of one search generation for likenesses, apart from those it is searched by: no token or tag of one says anything
 * about the other. Staff have tokens; patients have only tags, salted by patient, so that two patients with one name show
 * nothing alike.
 */
export class LikenessKeys {
  private readonly kinds = new Map<LikenessKind, KeyObject>();
  private readonly padding: KeyObject;

  /** @param key the generation's own random key, 32 bytes */
  constructor(key: KeyObject) {
    const derive = (info: string) =>
      createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `chartseal/likeness/v1/${info}`, TOKEN_BYTES)));
    for (const kind of likenessKinds) this.kinds.set(kind, derive(kind));
    this.padding = derive('padding');
  }

  /** Token of a member of staff: HMAC-SHA-256 under the kind's key, whole. */
  token({ kind, value }: Likeness): Buffer {
    return createHmac('sha256', this.kinds.get(kind)!).update(value, 'utf8').digest();
  }

  /** What is stored of a patient: 8-byte tags, padded, sorted, one after the other. The same facts give the same bytes. */
  tagsOf(facts: LikenessFacts, patientId: string): Buffer {
    const tokens = likenessOf(facts).map((one) => this.token(one));
    const tags = [...new Set(tokens.map((token) => saltedBy(token, patientId).toString('latin1')))];
    while (tags.length === 0 || tags.length % TAGS_MULTIPLE !== 0) {
      const pad = createHmac('sha256', this.padding).update(`${patientId} ${tags.length}`).digest();
      tags.push(pad.subarray(0, LIKENESS_TAG_BYTES).toString('latin1'));
    }
    return Buffer.from(tags.sort().join(''), 'latin1');
  }
}

/** SQL that is true when the row `s` of a patient has the tag of this token: first 8 bytes of SHA-256(token ‖ patient id). */
export function hasLikeness(token: string): string {
  return `position(substring(sha256(${token} || uuid_send(s.patient_id)) FROM 1 FOR ${LIKENESS_TAG_BYTES}) IN s.likeness) > 0`;
}

function saltedBy(token: Buffer, patientId: string): Buffer {
  const input = Buffer.allocUnsafe(TOKEN_BYTES + 16);
  token.copy(input);
  writeUuid(patientId, input, TOKEN_BYTES);
  return hash('sha256', input, 'buffer').subarray(0, LIKENESS_TAG_BYTES);
}
