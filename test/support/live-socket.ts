import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';
import type { Hospital, Name } from './hospital';

interface Message {
  type: string;
  id?: string;
  payload?: Payload & Payload[];
}

interface Payload {
  data?: Record<string, Record<string, unknown> | null> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
  message?: string;
  extensions?: Record<string, unknown>;
}

/** Where a hospital's server listens, from the first call on. */
export async function liveAddress({ desk }: Hospital): Promise<string> {
  const { server } = desk.app.fastify;
  if (!server.listening) await desk.app.fastify.listen({ host: '127.0.0.1', port: 0 });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A bare socket that says whatever the test wants, and keeps what it hears. */
export class RawSocket {
  private readonly heard: Message[] = [];
  private wake: () => void = () => undefined;
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.heard.push(JSON.parse(String(data)) as Message);
      this.wake();
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
    );
  }

  static async open(
    hospital: Hospital,
    protocol: string | undefined = GRAPHQL_TRANSPORT_WS_PROTOCOL,
    options: ClientOptions = {},
  ): Promise<RawSocket> {
    const raw = new RawSocket(new WebSocket(`ws://${await liveAddress(hospital)}/graphql`, protocol || [], options));
    await once(raw.socket, 'open');
    return raw;
  }

  /** A socket that has said whose it is. */
  static async of(hospital: Hospital, name: Name): Promise<RawSocket> {
    const raw = await RawSocket.open(hospital);
    raw.say({ type: 'connection_init', payload: { authorization: `Bearer ${hospital.as(name).token}` } });
    await raw.hear('connection_ack');
    return raw;
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables: Record<string, unknown> = {}): void {
    this.say({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** The next message of one of these types (and this id) that was not asked for yet; others stay. */
  async hear(types: string | readonly string[], id?: string): Promise<Message> {
    for (;;) {
      const place = this.heard.findIndex(
        (message) => [types].flat().includes(message.type) && (!id || message.id === id),
      );
      if (place >= 0) return this.heard.splice(place, 1)[0]!;
      if (this.socket.readyState >= WebSocket.CLOSING) throw new Error(`closed before ${String(types)} came`);
      await Promise.race([new Promise<void>((resolve) => (this.wake = resolve)), this.closed]);
    }
  }

  /** Data of the next event. */
  async event<T = Record<string, unknown>>(id: string): Promise<T> {
    const { payload } = await this.hear('next', id);
    if (!payload?.data) throw new Error(`answered ${JSON.stringify(payload)}`);
    return Object.values(payload.data)[0] as T;
  }

  /** Code of the next event's or opening's error. */
  async refusal(id: string): Promise<unknown> {
    const { payload } = await this.hear(['next', 'error'], id);
    const error = payload?.errors?.[0] ?? (Array.isArray(payload) ? payload[0] : undefined);
    return (error as Payload | undefined)?.extensions?.code ?? payload;
  }

  /** How many messages came that nobody asked for. */
  get left(): number {
    return this.heard.length;
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
