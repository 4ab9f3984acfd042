import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

/** False where browsers have none: on plain http other than localhost, and at an address of digits (WebAuthn Level 3, 5.1.2). */
export function passkeysWork(): boolean {
  const host = window.location.hostname;
  const digits = /^[\d.]+$/.test(host) || host.includes(':') || host.startsWith('[');
  return window.isSecureContext && !digits && 'PublicKeyCredential' in window;
}

/** Lets the person make a passkey; answers what the server wants to see of it. */
export async function makePasskey(options: string): Promise<string> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  const optionsJSON = JSON.parse(options) as PublicKeyCredentialCreationOptionsJSON;
  return JSON.stringify(await startRegistration({ optionsJSON }));
}

/** Lets the person use a passkey; answers the proof. */
export async function answerPasskey(options: string): Promise<string> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const optionsJSON = JSON.parse(options) as PublicKeyCredentialRequestOptionsJSON;
  return JSON.stringify(await startAuthentication({ optionsJSON }));
}

/** True when the browser or the person called it off: nothing that the server refused. */
export function calledOff(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['NotAllowedError', 'AbortError', 'InvalidStateError', 'WebAuthnError'].includes(error.name)
  );
}
