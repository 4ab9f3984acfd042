import { CloseCode, type WebSocket as ProtocolSocket } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { anonymous, type Actor } from '../graphql/context';
import type { Logger } from '../platform/logger';
import type { Viewer } from './live-context';

export interface SocketLimits {
  readonly stalledMs: number;
  readonly heldBackBytes: number;
  readonly pingMs: number;
}

export interface LiveSocketDeps {
  ip: string;
  watch: (headers: { authorization: string }) => Promise<Actor>;
  limits: SocketLimits;
  logger: Logger;
}

/** Whoever does not take what is sent may try again later (RFC 6455, registered 1013). */
const TRY_AGAIN_LATER = 1013;

/** One socket and who sits at it: who that is is asked each time, and nothing is kept for who does not take it. */
export class LiveSocket implements Viewer {
  readonly ip: string;
  /** Null until it has said whose it is. */
  sessionId: string | null = null;
  private authorization = '';
  private role: Actor['role'] = null;
  private alive = true;
  private readonly pinging: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    private readonly deps: LiveSocketDeps,
  ) {
    this.ip = deps.ip;
    this.pinging = setInterval(() => this.ping(), deps.limits.pingMs).unref();
    socket.on('pong', () => (this.alive = true));
    socket.once('close', () => clearInterval(this.pinging));
  }

  /** Says whose socket this is, by the `Authorization` a request would carry. */
  async present(authorization: string): Promise<Actor> {
    const actor = await this.deps.watch({ authorization });
    this.authorization = authorization;
    this.sessionId = actor.sessionId;
    this.role = actor.role;
    return actor;
  }

  async authenticate(): Promise<Actor> {
    return this.authorization ? this.deps.watch({ authorization: this.authorization }) : anonymous;
  }

  /** Ends when the session has, or when the person is not what they were. */
  async look(): Promise<void> {
    const { id, role } = await this.authenticate();
    if (!id || role !== this.role) this.lapse();
  }

  lapse(): void {
    this.close(CloseCode.Forbidden, 'Forbidden');
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** Closes, and cuts the line when the other side does not answer within the time. */
  async end(code: number, reason: string, withinMs: number): Promise<void> {
    if (this.socket.readyState === this.socket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => this.socket.terminate(), withinMs);
      this.socket.once('close', () => {
        clearTimeout(cut);
        resolve();
      });
      this.socket.close(code, reason);
    });
  }

  /** The socket as the protocol's library wants it. */
  asProtocol(): ProtocolSocket {
    const { socket, deps } = this;
    return {
      protocol: socket.protocol,
      send: (text) => this.send(text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', (data, isBinary) => {
          if (isBinary) return socket.close(CloseCode.BadRequest, 'Invalid message received');
          handle(String(data)).catch((error: unknown) => {
            deps.logger.error({ err: error }, 'a message on a socket could not be handled');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        }),
    };
  }

  /** Resolves once the other side's line has taken it: until then the subscription reads nothing more. */
  private send(text: string): Promise<void> {
    const { socket, deps } = this;
    if (socket.readyState !== socket.OPEN) return Promise.resolve();
    if (socket.bufferedAmount > deps.limits.heldBackBytes) this.stall();
    return new Promise((resolve) => {
      const stalled = setTimeout(() => this.stall(), deps.limits.stalledMs);
      socket.send(text, () => {
        clearTimeout(stalled);
        resolve();
      });
    });
  }

  private stall(): void {
    this.socket.close(TRY_AGAIN_LATER, 'Too slow');
    this.socket.terminate(); // what is held back would be sent first
  }

  private ping(): void {
    if (!this.alive) return this.socket.terminate();
    this.alive = false;
    this.socket.ping();
  }
}
