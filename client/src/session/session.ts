import type { AcceptInviteInput, SignInInput, SignInMutation, VerifyTotpInput } from '../gql/graphql';
import { byItself, lastActivity } from './activity';
import {
  AcceptInvite,
  PasskeySignIn,
  RefreshSession,
  SignIn,
  SignInWithPasskey,
  SignOut,
  VerifyTotp,
} from './documents';
import { faultOf } from './fault';
import { answerPasskey } from './passkeys';
import { tell, listen } from './tabs';
import { send } from './wire';

export type Me = SignInMutation['signIn']['me'];
type Payload = SignInMutation['signIn'];

/** Why nobody is signed in, for the sentence on the sign-in page. */
export type EndReason = 'idle' | 'expired' | 'elsewhere' | 'chosen';

export type SessionState =
  | { status: 'starting' }
  | { status: 'unreachable' }
  | { status: 'signedOut'; reason?: EndReason }
  | { status: 'signedIn'; me: Me };

const refreshAheadSeconds = 60;

let state: SessionState = { status: 'starting' };
// The access token lives here and nowhere else: never in storage, never in a URL.
let accessToken: string | null = null;
let refreshing: Promise<boolean> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
/** How often a session has ended here: an answer that was asked for before the last end comes too late. */
let ends = 0;
const watchers = new Set<() => void>();

export const getSession = () => state;
export const getAccessToken = () => accessToken;

/** Calls back after every change of the session; answers the function that stops it. */
export function watchSession(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function become(next: SessionState): void {
  state = next;
  watchers.forEach((watcher) => watcher());
}

function accept(payload: Payload): void {
  accessToken = payload.accessToken;
  clearTimeout(timer);
  const wait = Math.max(5, lifetimeSeconds(payload) - refreshAheadSeconds);
  const since = Date.now();
  timer = setTimeout(() => void refresh(lastActivity() < since), wait * 1000);
  become({ status: 'signedIn', me: payload.me });
}

/** Taken from the token itself, so that a workstation's wrong clock does not matter. */
function lifetimeSeconds({ accessToken: token, expiresAt }: Payload): number {
  try {
    const body = token.split('.')[1] ?? '';
    const claims = JSON.parse(atob(body.replace(/-/g, '+').replace(/_/g, '/'))) as { exp: number; iat: number };
    if (claims.exp > claims.iat) return claims.exp - claims.iat;
  } catch {
    // Not a JWT: the stated time has to do.
  }
  return (Date.parse(expiresAt) - Date.now()) / 1000;
}

function end(reason: EndReason): void {
  ends += 1;
  accessToken = null;
  clearTimeout(timer);
  if (state.status !== 'signedOut') become({ status: 'signedOut', reason });
}

/** @throws Fault when the server refuses; with a ticket when it wants a second factor. */
export async function signIn(input: SignInInput): Promise<void> {
  const { signIn: payload } = await send(SignIn, { input }, null);
  accept(payload);
  tell({ kind: 'signedIn' });
}

/** Completes a sign-in by a code. @throws Fault when it is wrong. */
export async function verifyTotp(input: VerifyTotpInput): Promise<void> {
  const { verifyTotp: payload } = await send(VerifyTotp, { input }, null);
  accept(payload);
  tell({ kind: 'signedIn' });
}

/** Signs in by a passkey the person chooses. @throws Fault when the server refuses, or the browser's error. */
export async function signInWithPasskey(): Promise<void> {
  const { passkeySignIn: options } = await send(PasskeySignIn, {}, null);
  const response = await answerPasskey(options);
  const { signInWithPasskey: payload } = await send(SignInWithPasskey, { input: { response } }, null);
  accept(payload);
  tell({ kind: 'signedIn' });
}

/** @throws Fault when the link is used up, expired or the password too weak. */
export async function acceptInvite(input: AcceptInviteInput): Promise<void> {
  const { acceptInvite: payload } = await send(AcceptInvite, { input }, null);
  accept(payload);
  tell({ kind: 'signedIn' });
}

/**
 * Gets a new access token for the refresh cookie. All callers of this tab share one request, and all tabs wait for one
 * another, because the cookie is rotated and a second use of an old one would end the session.
 * @param unattended nobody was at the page since the last time: the session's idle clock goes on
 */
export function refresh(unattended = false): Promise<boolean> {
  refreshing ??= oneTabAtATime(() => exchange(unattended)).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function exchange(unattended: boolean): Promise<boolean> {
  const known = state.status === 'signedIn' ? state.me.id : null;
  const since = ends;
  try {
    const { refreshSession: payload } = await send(RefreshSession, {}, null, unattended ? byItself : {});
    if (since !== ends) return false;
    // Another tab may have signed in as somebody else since: this tab's screen must not stay.
    if (known && known !== payload.me.id) end('elsewhere');
    accept(payload);
    return true;
  } catch (error) {
    if (since !== ends) return false;
    const away = ['OFFLINE', 'INTERNAL', 'RATE_LIMITED', 'AUDIT_UNAVAILABLE'].includes(faultOf(error).code);
    if (!away) end(known ? 'expired' : 'chosen');
    else if (known) timer = setTimeout(() => void refresh(unattended), 15_000);
    else become({ status: 'unreachable' });
    return false;
  }
}

function oneTabAtATime<Result>(task: () => Promise<Result>): Promise<Result> {
  // The Web Locks API is missing on plain http other than localhost.
  return navigator.locks ? navigator.locks.request('chartseal-refresh', task) : task();
}

/** Ends the session on the server and in every tab. The screen is cleared even when the server is away. */
export async function signOut(reason: EndReason = 'chosen'): Promise<void> {
  const token = accessToken;
  end(reason);
  tell({ kind: 'signedOut', reason });
  await oneTabAtATime(() => send(SignOut, {}, token)).catch(() => undefined);
}

/** Once, when the page loads. */
export function startSession(): void {
  listen((message) => {
    if (message.kind === 'signedOut') end(message.reason === 'chosen' ? 'elsewhere' : message.reason);
    if (message.kind === 'signedIn' && state.status !== 'signedIn') void refresh();
  });
  void refresh();
}
