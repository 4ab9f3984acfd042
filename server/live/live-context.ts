import { RequestContext, type Actor } from '../graphql/context';
import type { Feeds } from './feeds';

/** Somebody at a socket. */
export interface Viewer {
  readonly ip: string | null;
  /** Who this is now: anonymous as soon as the session has ended or the token lapsed. Does not count as use of the session. */
  authenticate(): Promise<Actor>;
  /** Ends the socket, since its token does not hold any more. */
  lapse(): void;
}

/** The context of a subscription as it is opened: beside what every operation has, where its events come from. */
export class LiveContext extends RequestContext {
  constructor(
    actor: Actor,
    readonly viewer: Viewer,
    readonly feeds: Feeds,
    /** Aborted when the subscription ends, from whichever side. */
    readonly signal: AbortSignal,
  ) {
    super({ actor, ip: viewer.ip });
  }
}
