import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { handleProtocols, makeServer, type Context, type Server } from 'graphql-ws';
import { GraphQLError, type ExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import type { Actor } from '../graphql/context';
import { errorCatalogue, forbidden } from '../graphql/errors';
import { ownOrigin } from '../identity';
import type { Logger } from '../platform/logger';
import type { LiveOperation, LiveOperations } from './live-operations';
import { LiveSocket, type SocketLimits } from './live-socket';

export interface LiveSocketsDeps {
  operations: LiveOperations;
  /** Who a token speaks for now, without counting as use of the session. */
  watch: (headers: { authorization: string }) => Promise<Actor>;
  publicUrl: string | null;
  /** Origins of other systems' pages that may ask with a token of their own. */
  foreignOrigins: ReadonlySet<string>;
  logger: Logger;
}

/** What a socket may take; see docs/decisions/0028-live.md. */
export const socketLimits = {
  /** Subscriptions of one socket. */
  subscriptions: 10,
  /** Sockets of one session, in one server. */
  sockets: 5,
  /** Sockets of one server that have not said yet who they are. */
  unknown: 200,
  /** Longest message, in bytes: a document of the most tokens and its variables are shorter. */
  messageBytes: 128 * 1024,
  /** Time to say who one is, in milliseconds. */
  initMs: 3_000,
  /** How often it is asked whether each session still stands; what ends it ends its sockets within a second. */
  lookMs: 400,
  /** A socket that took nothing for as long, or holds as much back, is closed. */
  stalledMs: 10_000,
  heldBackBytes: 1024 * 1024,
  /** How often a silent socket is asked for a sign of life. */
  pingMs: 15_000,
} as const satisfies SocketLimits & Record<string, number>;

/** Close codes beside those of the protocol (RFC 6455): the server stops; too many. */
const GOING_AWAY = 1001;
const POLICY = 1008;
/** How long a socket may take to answer a close. */
const FAREWELL_MS = 1_000;

interface Extra {
  socket: LiveSocket;
}

/** What a message has asked to open. */
interface Opening {
  viewer: LiveSocket;
  wanted: LiveOperation;
}

/** GraphQL over WebSocket (graphql-transport-ws): every socket of this server. */
export class LiveSockets {
  private readonly open = new Set<LiveSocket>();
  private readonly protocol: Server<Extra>;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly deps: LiveSocketsDeps) {
    const { operations } = deps;
    this.protocol = makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: socketLimits.initMs,
      onConnect: (ctx) => this.greet(ctx),
      onSubscribe: ({ subscriptions, extra }, _id, payload) => {
        if (Object.keys(subscriptions).length > socketLimits.subscriptions) return [tooMany()];
        try {
          const wanted = operations.read(payload);
          const contextValue: Opening = { viewer: extra.socket, wanted };
          return { schema: operations.schema, document: wanted.document, operationName: wanted.name, contextValue };
        } catch (error) {
          return [error as GraphQLError];
        }
      },
      subscribe: ({ contextValue }) => {
        const { viewer, wanted } = contextValue as Opening;
        return operations.open(viewer, wanted) as Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
      },
      onNext: (_ctx, _id, _payload, _args, answer) => answer, // formatted already
    });
  }

  /** What lets Fastify take upgrades; registered at the root, since routes elsewhere would not see it. */
  async register(fastify: FastifyInstance): Promise<void> {
    await fastify.register(fastifyWebsocket, {
      options: { handleProtocols, maxPayload: socketLimits.messageBytes },
      preClose: (done: () => void) => void this.close().then(done),
      errorHandler: (_error: Error, socket: WebSocket) => socket.terminate(),
    });
  }

  /** Before the upgrade: only our own pages and listed ones may, as far as a browser says whose page it is. Programs say nothing. */
  readonly admit = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!request.ws) return;
    const { origin } = request.headers;
    const { publicUrl, foreignOrigins } = this.deps;
    if (origin !== undefined && origin !== ownOrigin(request, publicUrl) && !foreignOrigins.has(origin)) {
      const { code, message } = forbidden('This must be asked from the application’s own pages.');
      await reply.code(403).send({ errors: [{ message, extensions: { code } }] });
    } else if ([...this.open].filter(({ sessionId }) => sessionId === null).length >= socketLimits.unknown) {
      await reply
        .code(503)
        .send({ errors: [{ message: errorCatalogue.RATE_LIMITED, extensions: { code: 'RATE_LIMITED' } }] });
    }
  };

  /** Takes over a socket after the upgrade. */
  readonly opened = (socket: WebSocket, { ip }: FastifyRequest): void => {
    const live = new LiveSocket(socket, { ip, watch: this.deps.watch, limits: socketLimits, logger: this.deps.logger });
    this.open.add(live);
    const closed = this.protocol.opened(live.asProtocol(), { socket: live });
    socket.once('close', (code, reason) => {
      this.open.delete(live);
      void closed(code, String(reason));
    });
    this.timer ??= setInterval(() => void this.look(), socketLimits.lookMs).unref();
  };

  /** Tells everybody to go, then goes. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await Promise.all([...this.open].map((socket) => socket.end(GOING_AWAY, 'Going away', FAREWELL_MS)));
  }

  /** False, and with it 4403, for a token that does not hold. */
  private async greet({
    connectionParams,
    extra: { socket },
  }: Context<Record<string, unknown>, Extra>): Promise<boolean> {
    const { authorization } = connectionParams ?? {};
    const actor = typeof authorization === 'string' ? await socket.present(authorization) : null;
    if (!actor?.id) return false;
    const same = [...this.open].filter(({ sessionId }) => sessionId === actor.sessionId);
    if (same.length <= socketLimits.sockets) return true;
    socket.close(POLICY, 'Too many connections of one session');
    return false;
  }

  /** Ends the sockets of sessions that have ended, and of people who are not what they were. All look-ups are one query. */
  private async look(): Promise<void> {
    const known = [...this.open].filter(({ sessionId }) => sessionId !== null);
    await Promise.all(known.map((socket) => socket.look())).catch((error: unknown) => {
      this.deps.logger.warn({ err: error }, 'could not ask whether sessions still stand');
    });
  }
}

function tooMany(): GraphQLError {
  const message = `At most ${socketLimits.subscriptions} subscriptions at a time.`;
  return new GraphQLError(message, { extensions: { code: 'RATE_LIMITED' } });
}
