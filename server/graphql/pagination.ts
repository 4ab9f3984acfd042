import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { badInput } from './errors';

/** Largest page a client may ask for. */
export const MAX_PAGE = 100;
/** Size of a page when a client does not say. */
export const DEFAULT_PAGE = 20;

/** Relay's paging arguments: `first`/`after` walk forward, `last`/`before` backward. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many from the front, 1 to 100 (20 when nothing is said).' })
  first?: number;

  @Field(() => String, { nullable: true, description: 'Start after this cursor.' })
  after?: string;

  @Field(() => Int, { nullable: true, description: 'How many from the back, 1 to 100.' })
  last?: number;

  @Field(() => String, { nullable: true, description: 'End before this cursor.' })
  before?: string;
}

@ObjectType({ description: 'Where a page stands in its list (Relay connections).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'True when more follow after endCursor.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'True when more stand before startCursor.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge.' })
  endCursor!: string | null;
}

export interface Edge<T> {
  cursor: string;
  node: T;
}

export interface Connection<T> {
  edges: Edge<T>[];
  pageInfo: PageInfo;
  /** Counted only when the field is asked for: a getter. */
  readonly totalCount?: Promise<number | undefined>;
}

/** Makes the edge and connection object types of a list, Relay's shape, described. */
export function connectionTypes<T extends object>(node: ClassType<T>, name: string, things: string) {
  @ObjectType(`${name}Edge`, { description: `One of the ${things} in a page, with its cursor.` })
  class EdgeType implements Edge<T> {
    @Field(() => String, { description: 'Opaque place of this edge in the list.' })
    cursor!: string;

    @Field(() => node, { description: `The ${things.replace(/s$/, '')} itself.` })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${things}.` })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The page, in list order.' })
    edges!: EdgeType[];

    @Field(() => PageInfo, { description: 'Where the page stands.' })
    pageInfo!: PageInfo;

    @Field(() => Int, {
      nullable: true,
      complexity: 20,
      description:
        'How many there are in all, counted only when asked for; null above 10,000, and where every record would have to be opened.',
    })
    totalCount?: number;
  }
  return { EdgeType, ConnectionType };
}

/** A page request in terms of SQL: which way, how many, from which key. */
export interface Page {
  /** Rows wanted; ask the database for one more to learn whether more follow. */
  size: number;
  backward: boolean;
  /** Key parts of the row to start beyond, in list order; null at an end. */
  from: string[] | null;
}

/**
 * Reads paging arguments. Throws BAD_USER_INPUT when a size is outside 1 to 100, directions are mixed, or a cursor is not
 * one of this list.
 */
export function readPage(args: PageArgs, list: string, cursors: Cursors): Page {
  const backward = args.last !== undefined && args.last !== null;
  if (backward && args.first !== undefined && args.first !== null) {
    throw badInput('last', 'Ask for either first or last, not both.');
  }
  const size = (backward ? args.last : args.first) ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE) {
    throw badInput(backward ? 'last' : 'first', `A page holds 1 to ${MAX_PAGE}.`);
  }
  if (backward ? args.after : args.before) {
    throw badInput(backward ? 'after' : 'before', 'Use after with first, before with last.');
  }
  const cursor = backward ? args.before : args.after;
  const from = cursor ? cursors.decode(list, cursor) : null;
  if (cursor && !from) throw badInput(backward ? 'before' : 'after', 'This is not a cursor of this list.');
  return { size, backward, from };
}

/** Encrypts its cursor when asked for it: most documents want the last one only. */
class LazyEdge<T> implements Edge<T> {
  constructor(
    private readonly row: T,
    private readonly encode: () => string,
    private readonly shown: ((row: T) => void) | undefined,
  ) {}

  get node(): T {
    this.shown?.(this.row);
    return this.row;
  }

  get cursor(): string {
    return this.encode();
  }
}

interface List<T> {
  name: string;
  cursors: Cursors;
  keyOf: (row: T) => string[];
  count?: () => Promise<number | undefined>;
  /** Key of the row up to which a search came before it gave up on filling this page; the next page goes on from there. */
  stoppedAt?: string[];
  /** Told of each row that is shown, for lists in which standing says something. */
  shown?: (row: T) => void;
}

/** Shapes rows fetched with `size + 1` (in walking order) into a connection (in list order). */
export function toConnection<T>(rows: T[], page: Page, list: List<T>): Connection<T> {
  const more = rows.length > page.size || list.stoppedAt !== undefined;
  const stopped = list.stoppedAt && list.cursors.encode(list.name, list.stoppedAt);
  const kept = rows.slice(0, page.size);
  if (page.backward) kept.reverse();
  const cursorOf = (row: T) => list.cursors.encode(list.name, list.keyOf(row));
  const edges = kept.map((row) => new LazyEdge(row, () => cursorOf(row), list.shown));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.backward ? page.from !== null : more,
      hasPreviousPage: page.backward ? more : page.from !== null,
      get startCursor() {
        return (page.backward ? stopped : undefined) ?? edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return (page.backward ? undefined : stopped) ?? edges.at(-1)?.cursor ?? null;
      },
    },
    get totalCount() {
      return list.count?.();
    },
  };
}

const TAG_BYTES = 16;
const NONCE_BYTES = 12;

/**
 * Cursors: key parts encrypted and authenticated (AES-256-GCM), bound to their list. The nonce is a keyed hash of the
 * content, so that the same place has the same cursor (SIV style) and clients may cache by it.
 */
export class Cursors {
  private readonly key: KeyObject;
  private readonly nonceKey: Buffer;

  /** @param secret 32 bytes, derived for this purpose alone */
  constructor(secret: Buffer) {
    this.key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'cursor encryption', 32)));
    this.nonceKey = Buffer.from(hkdfSync('sha256', secret, '', 'cursor nonce', 32));
  }

  encode(list: string, parts: string[]): string {
    const plain = Buffer.from(JSON.stringify(parts));
    const nonce = createHmac('sha256', this.nonceKey)
      .update(list)
      .update('\0')
      .update(plain)
      .digest()
      .subarray(0, NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce, { authTagLength: TAG_BYTES }).setAAD(
      Buffer.from(list),
    );
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** Key parts of a cursor of this list; null for anything else. */
  decode(list: string, cursor: string): string[] | null {
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.length > 512) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(list))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      return JSON.parse(plain.toString()) as string[];
    } catch {
      return null; // forged or of another list
    }
  }
}
