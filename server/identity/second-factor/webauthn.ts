import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { RequestContext } from '../../graphql/context';
import { badInput } from '../../graphql/errors';
import { ownOrigin } from '../same-origin';

/** How long a browser waits for the person, in milliseconds; a challenge lives as long. */
export const CEREMONY_MS = 5 * 60_000;

/** Who we are to a browser (WebAuthn Level 3, 5.1.2): an origin, and the host name that passkeys are bound to. */
export interface RelyingParty {
  origin: string;
  id: string;
}

/** Loaded when first used: most processes (commands, tests) never see a passkey. */
const library = () => import('@simplewebauthn/server');

/** @param publicUrl where browsers find us; null: the address the request was sent to */
export function relyingParty({ http }: RequestContext, publicUrl: string | null): RelyingParty {
  if (!http) throw new Error('Passkeys are used by browsers only.');
  const origin = ownOrigin(http.request, publicUrl);
  return { origin, id: new URL(origin).hostname };
}

export interface NewCredential {
  id: string;
  publicKey: string;
  counter: number;
}

/** What a browser needs to make a passkey: discoverable, with the person verified, without attestation. */
export async function registrationOptions(
  party: RelyingParty,
  challenge: string,
  account: { id: Buffer; name: string; displayName: string; known: readonly string[] },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await library();
  return generateRegistrationOptions({
    rpName: 'Chartseal',
    rpID: party.id,
    userID: new Uint8Array(account.id),
    userName: account.name,
    userDisplayName: account.displayName,
    challenge: bytesOf(challenge),
    timeout: CEREMONY_MS,
    attestationType: 'none',
    excludeCredentials: account.known.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** What a browser needs to use one; without `known` it offers every passkey it has for us. */
export async function assertionOptions(
  party: RelyingParty,
  challenge: string,
  known: readonly string[] = [],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await library();
  return generateAuthenticationOptions({
    rpID: party.id,
    challenge: bytesOf(challenge),
    timeout: CEREMONY_MS,
    userVerification: 'required',
    allowCredentials: known.map((id) => ({ id })),
  });
}

/** The new credential and the challenge it answers; null when anything about it is wrong. */
export async function verifyRegistration(
  party: RelyingParty,
  response: RegistrationResponseJSON,
  holds: (challenge: string) => boolean,
): Promise<(NewCredential & { challenge: string }) | null> {
  const { verifyRegistrationResponse } = await library();
  const answered: string[] = [];
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) => answered.push(challenge) > 0 && holds(challenge),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    });
    if (!registrationInfo) return null;
    const { id, publicKey, counter } = registrationInfo.credential;
    return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, challenge: answered[0]! };
  } catch {
    return null; // says nothing about why
  }
}

/** The authenticator's counter and the challenge it answers; null when anything about it is wrong. */
export async function verifyAssertion(
  party: RelyingParty,
  response: AuthenticationResponseJSON,
  credential: { id: string; publicKey: string },
  holds: (challenge: string) => boolean,
): Promise<{ counter: number; challenge: string } | null> {
  const { verifyAuthenticationResponse } = await library();
  const answered: string[] = [];
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => answered.push(challenge) > 0 && holds(challenge),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      // The counter is compared by the database, where two at once cannot slip through together.
      credential: { id: credential.id, publicKey: bytesOf(credential.publicKey), counter: 0 },
    });
    return verified ? { counter: authenticationInfo.newCounter, challenge: answered[0]! } : null;
  } catch {
    return null; // says nothing about why
  }
}

/** A browser's answer as it was sent. Throws BAD_USER_INPUT for what is none. */
export function parseAnswer<T extends RegistrationResponseJSON | AuthenticationResponseJSON>(
  text: string,
  path: string,
): T {
  try {
    const answer = JSON.parse(text) as T | null;
    if (typeof answer?.id === 'string' && typeof answer.response === 'object') return answer;
  } catch {
    // told below
  }
  throw badInput(path, 'This is no answer of a passkey.');
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}
