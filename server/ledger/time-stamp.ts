import { createHash, verify, X509Certificate } from 'node:crypto';
import { extensionOf, leadsTo } from './certificate-chain';
import { demandTag, der, membersOf, oidOf, readOne, tags, timeOf, type Der } from './der';

/**
 * Time stamps (RFC 3161): an authority's word, signed, that certain bytes existed at a certain time. Own code and Node only,
 * since the stand-alone verifier must be readable in one sitting; strict, and less than the standard allows: DER, one signer
 * named by issuer and number, SHA-2, RSA (PKCS#1 v1.5), ECDSA or Ed25519.
 */

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

const digests: Record<string, string> = {
  [oids.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Signature algorithms, and the digest each names; null where the digest stands beside it or is part of the algorithm. */
const signatures: Record<string, string | null> = {
  '1.2.840.113549.1.1.1': null,
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

const SHA256_OID = Buffer.from('0609608648016503040201', 'hex');
const GRANTED = [0, 1];

/** Why a time stamp does not count. */
export class TimeStampError extends Error {
  override readonly name = 'TimeStampError';
}

/** A request to stamp these bytes; `nonce`: 16 random bytes that the answer must repeat. */
export function timeStampRequest(data: Buffer, nonce: Buffer): Buffer {
  const algorithm = der(tags.sequence, SHA256_OID, Buffer.from('0500', 'hex'));
  const imprint = der(tags.sequence, algorithm, der(tags.octets, sha('sha256', data)));
  const version = der(tags.integer, Buffer.of(1));
  return der(tags.sequence, version, imprint, der(tags.integer, positive(nonce)), der(tags.boolean, Buffer.of(0xff)));
}

/** The token in an authority's answer. Throws TimeStampError when it did not grant one. */
export function tokenIn(response: Buffer): Buffer {
  return plainly(() => {
    const [status, token] = membersOf(readOne(response), tags.sequence);
    const word = demandTag(membersOf(status, tags.sequence)[0], tags.integer).content;
    if (word.length !== 1 || !GRANTED.includes(word[0]!)) throw new TimeStampError(`the authority refused (${word.toString('hex')})`);
    return demandTag(token, tags.sequence).whole;
  }); // prettier-ignore
}

export interface TimeStampChecks {
  data: Buffer;
  /** Certificates of authorities that are trusted. */
  authorities: readonly X509Certificate[];
  /** Of the request, when it was just made. */
  nonce?: Buffer;
}

/** When an authority stamped these bytes. Throws TimeStampError when the token does not say so, or nobody trusted does. */
export function openTimeStamp(token: Buffer, { data, authorities, nonce }: TimeStampChecks): Date {
  return plainly(() => {
    const { info, certificates, signer } = readToken(token);
    const [version, , imprint, , genTime, ...rest] = membersOf(readOne(info), tags.sequence);
    demand(version?.content.equals(Buffer.of(1)), 'it is of another version');
    const [algorithm, hash] = membersOf(imprint, tags.sequence);
    demand(oidOf(membersOf(algorithm, tags.sequence)[0]) === oids.sha256, 'its imprint is no SHA-256');
    demand(demandTag(hash, tags.octets).content.equals(sha('sha256', data)), 'it is of other bytes');
    const repeated = rest.find(({ tag }) => tag === tags.integer);
    demand(!nonce || repeated?.content.equals(positive(nonce)), 'it does not repeat the nonce of the request');
    const time = timeOf(genTime);
    const certificate = signerOf(signer, certificates);
    checkSignature(signer, certificate, info);
    demand(mayStamp(certificate), 'its certificate is not one for time stamping alone');
    demand(leadsTo(certificate, authorities, certificates, time), 'no authority that is trusted vouched for it then');
    return time;
  });
}

interface Token {
  /** The bytes of its TSTInfo. */
  info: Buffer;
  certificates: X509Certificate[];
  /** Members of its one SignerInfo. */
  signer: Der[];
}

function readToken(token: Buffer): Token {
  const [type, wrapped] = membersOf(readOne(token), tags.sequence);
  demand(oidOf(type) === oids.signedData, 'it is no signed data');
  const members = membersOf(membersOf(wrapped, tags.context(0))[0], tags.sequence);
  const [, , encapsulated] = members;
  const [contentType, content] = membersOf(encapsulated, tags.sequence);
  demand(oidOf(contentType) === oids.tstInfo, 'it is no time stamp');
  const info = demandTag(membersOf(content, tags.context(0))[0], tags.octets).content;
  const included = members.find(({ tag }) => tag === tags.context(0));
  const certificates = included ? membersOf(included).map(({ whole }) => new X509Certificate(whole)) : [];
  const signers = membersOf(members.at(-1), tags.set);
  demand(signers.length === 1, 'it does not have one signature');
  return { info, certificates, signer: membersOf(signers[0], tags.sequence) };
}

/** The certificate a signature names, by its issuer and number. */
function signerOf([, id]: readonly Der[], certificates: readonly X509Certificate[]): X509Certificate {
  const [issuer, number] = membersOf(id, tags.sequence);
  const found = certificates.find(({ raw }) => {
    const body = membersOf(membersOf(readOne(raw), tags.sequence)[0], tags.sequence);
    const [serial, , name] = body[0]?.tag === tags.context(0) ? body.slice(1) : body;
    return serial?.whole.equals(number!.whole) && name?.whole.equals(issuer!.whole);
  });
  if (!found) throw new TimeStampError('the certificate of its signer is not in it');
  return found;
}

/** The signature is over attributes, and they name the time stamp by its hash and the certificate by its own (RFC 5035). */
function checkSignature(signer: readonly Der[], certificate: X509Certificate, info: Buffer): void {
  const [, , digestAlgorithm, signed, signatureAlgorithm, signature] = signer;
  const digest = digests[oidOf(membersOf(digestAlgorithm, tags.sequence)[0])];
  if (!digest) throw new TimeStampError('its digest is none of SHA-2');
  const attributes = attributesOf(demandTag(signed, tags.context(0)));
  demand(oidOf(attributes.get(oids.contentType)) === oids.tstInfo, 'its signature is of something else');
  const hash = demandTag(attributes.get(oids.messageDigest), tags.octets).content;
  demand(hash.equals(sha(digest, info)), 'its signature is of another time stamp');
  demand(namesCertificate(attributes, certificate), 'its signature names another certificate');
  const algorithm = signatures[oidOf(membersOf(signatureAlgorithm, tags.sequence)[0])];
  if (algorithm === undefined) throw new TimeStampError('its signature algorithm is not known here');
  const set = Buffer.concat([Buffer.of(tags.set), signed!.whole.subarray(1)]);
  const key = certificate.publicKey;
  const by = key.asymmetricKeyType === 'ed25519' ? null : (algorithm ?? digest);
  demand(verify(by, set, key, demandTag(signature, tags.octets).content), 'its signature does not hold');
}

function attributesOf(signed: Der): Map<string, Der> {
  const attributes = new Map<string, Der>();
  for (const attribute of membersOf(signed)) {
    const [id, values] = membersOf(attribute, tags.sequence);
    const [value, ...more] = membersOf(values, tags.set);
    demand(value && more.length === 0 && !attributes.has(oidOf(id)), 'it says something twice');
    attributes.set(oidOf(id), value!);
  }
  return attributes;
}

/** Without this another certificate of the same key could be put in the signer's place. */
function namesCertificate(attributes: Map<string, Der>, { raw }: X509Certificate): boolean {
  const newer = attributes.get(oids.signingCertificateV2);
  const named = newer ?? attributes.get(oids.signingCertificate);
  const [first] = membersOf(membersOf(named, tags.sequence)[0], tags.sequence);
  const [head, next] = membersOf(first, tags.sequence);
  const algorithm = head?.tag === tags.sequence ? oidOf(membersOf(head)[0]) : newer ? oids.sha256 : null;
  const digest = algorithm === null ? 'sha1' : digests[algorithm];
  const hash = demandTag(head?.tag === tags.sequence ? next : head, tags.octets).content;
  return digest !== undefined && hash.equals(sha(digest, raw));
}

/** RFC 3161, 2.3: a key for time stamps alone, and whoever does not know what that means must refuse it. */
function mayStamp(certificate: X509Certificate): boolean {
  const usage = extensionOf(certificate, oids.extendedKeyUsage);
  const purposes = usage ? membersOf(readOne(usage.value), tags.sequence).map(oidOf) : [];
  return usage?.critical === true && purposes.length === 1 && purposes[0] === oids.timeStamping;
}

/** An INTEGER's content for a positive number of these bytes. */
function positive(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const least = start < 0 ? Buffer.of(0) : bytes.subarray(start);
  return least[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), least]) : least;
}

function sha(digest: string, bytes: Buffer): Buffer {
  return createHash(digest).update(bytes).digest();
}

function demand(holds: unknown, otherwise: string): void {
  if (!holds) throw new TimeStampError(otherwise);
}

/** Bytes that cannot be read are a time stamp that does not count, whatever the reader says of them. */
function plainly<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TimeStampError) throw error;
    throw new TimeStampError(`it cannot be read: ${error instanceof Error ? error.message : 'not DER'}`);
  }
}
