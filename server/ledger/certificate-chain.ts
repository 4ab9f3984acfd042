import { X509Certificate } from 'node:crypto';
import { membersOf, oidOf, readOne, tags } from './der';

/** Certificates from an authority down to whoever signed, at most. */
const LONGEST_CHAIN = 5;
const EXTENSIONS = tags.context(3);
const BASIC_CONSTRAINTS = '2.5.29.19';

/** A certificate's extension: whether whoever does not know it must refuse, and what it says. */
export interface Extension {
  critical: boolean;
  value: Buffer;
}

/** Certificates of a PEM file, one after the other. Throws RangeError when there is none. */
export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!blocks) throw new RangeError('There is no certificate in it (PEM).');
  return blocks.map((block) => new X509Certificate(block));
}

/** An extension by its object identifier; undefined when the certificate has none. */
export function extensionOf(certificate: X509Certificate, wanted: string): Extension | undefined {
  const [body] = membersOf(readOne(certificate.raw), tags.sequence);
  const all = membersOf(body, tags.sequence).find(({ tag }) => tag === EXTENSIONS);
  for (const extension of all ? membersOf(membersOf(all)[0], tags.sequence) : []) {
    const [id, ...rest] = membersOf(extension, tags.sequence);
    if (oidOf(id) !== wanted) continue;
    const critical = rest.length > 1 && rest[0]?.tag === tags.boolean && rest[0].content[0] === 0xff;
    return { critical, value: readOne(rest.at(-1)!.whole, tags.octets).content };
  }
  return undefined;
}

/**
 * Whether a certificate leads, by signatures that held at this moment, to one that is trusted (RFC 5280, 6.1, as far as names,
 * times, basic constraints and signatures go; revocation, name constraints and policies are not looked at).
 *
 * @param others certificates that came along; none of them is trusted for that
 */
export function leadsTo(
  certificate: X509Certificate,
  trusted: readonly X509Certificate[],
  others: readonly X509Certificate[],
  at: Date,
): boolean {
  const climb = (below: X509Certificate, depth: number): boolean => {
    if (depth >= LONGEST_CHAIN || !heldAt(below, at)) return false;
    if (trusted.some(({ raw }) => raw.equals(below.raw))) return true;
    const above = [...trusted, ...others].filter((issuer) => issued(issuer, below, depth));
    return above.some((issuer) => climb(issuer, depth + 1));
  };
  return climb(certificate, 0);
}

function heldAt({ validFrom, validTo }: X509Certificate, at: Date): boolean {
  return Date.parse(validFrom) <= at.valueOf() && at.valueOf() <= Date.parse(validTo);
}

/** @param between authorities below `issuer` so far, whoever signed not counted */
function issued(issuer: X509Certificate, certificate: X509Certificate, between: number): boolean {
  if (issuer.raw.equals(certificate.raw) || !issuer.ca || !certificate.checkIssued(issuer)) return false;
  return between <= longestPath(issuer) && certificate.verify(issuer.publicKey);
}

/** How many authorities may stand below this one. */
function longestPath(authority: X509Certificate): number {
  const constraints = extensionOf(authority, BASIC_CONSTRAINTS);
  const most = constraints && membersOf(readOne(constraints.value), tags.sequence)[1];
  return most ? Number(`0x${most.content.toString('hex')}`) : Infinity;
}
