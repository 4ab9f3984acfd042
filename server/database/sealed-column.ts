import { isDeepStrictEqual } from 'node:util';
import { Column } from 'typeorm';
import type { Binding } from '../crypto/envelope';
import type { Codec } from '../crypto/codec';
import { AccessScope, currentScope, findScope, runIn } from '../crypto/access-scope';
import { Sealed } from '../crypto/sealed';

/** A sealed column as others need to know it: where it is stored and how the ledger names it. */
export interface SealedColumnInfo {
  /** Property holding the `Sealed` value (not the opened one). */
  property: string;
  /** Property under which the opened value is read and set. */
  field: string;
  column: string;
  /** Column group: what the ledger says was opened. */
  group: string;
  meaning: string;
}

/** Whose data key seals a row: the person a property names, or always the same owner (a UUID). */
export type RowOwner<E> = { property: keyof E & string } | { id: string };

interface SealedRowInfo {
  table: string;
  owner: { property: string } | { id: string };
}

/** A table with sealed columns. */
export interface SealedTable {
  table: string;
  /** Column holding the owner of each row, or the one owner of all. */
  owner: { column: string } | { id: string };
  columns: readonly SealedColumnInfo[];
}

const rows = new Map<object, SealedRowInfo>();
const columns = new Map<object, SealedColumnInfo[]>();

/** Class decorator: names the table and whose data key seals the row. Every entity with sealed columns carries it. */
export function SealedRow<E>(table: string, owner: RowOwner<E>): ClassDecorator {
  return (target) => void rows.set(target, { table, owner });
}

/**
 * Property decorator for a value that PostgreSQL only ever sees sealed. The property becomes an accessor: reading it opens
 * the envelope (inside an access scope), setting it puts a fresh `Sealed` in its place. TypeORM maps the hidden `Sealed`
 * property instead, so loading decrypts nothing and an unchanged value is written back as the very bytes it came as.
 */
export function SealedColumn<T>(
  codec: Codec<T>,
  options: { group: string; meaning: string; column?: string; nullable?: boolean },
): PropertyDecorator {
  return (prototype, key) => {
    const field = String(key);
    const property = `${field}Sealed`;
    const info: SealedColumnInfo = {
      property,
      field,
      column: options.column ?? snakeCase(field),
      group: options.group,
      meaning: options.meaning,
    };
    const known = columns.get(prototype.constructor) ?? [];
    columns.set(prototype.constructor, [...known, info]);

    Column({
      name: info.column,
      type: 'bytea',
      nullable: options.nullable ?? false,
      transformer: {
        to: (value: unknown) => sealedBytes(value, info.column),
        from: (bytes: Buffer | null) => (bytes === null ? null : Sealed.stored(bytes, codec)),
      },
    })(prototype, property);

    Object.defineProperty(prototype, field, {
      configurable: true,
      get(this: Row): T | null {
        const sealed = this[property] as Sealed<T> | null | undefined;
        if (sealed) return sealed.bindTo(bindingOf(this, info.column), info.group).open();
        noteAbsence(this, info.group);
        return null;
      },
      set(this: Row, value: T | null | undefined) {
        this[property] =
          value === null || value === undefined
            ? null
            : Sealed.of(value, codec, bindingOf(this, info.column), info.group);
      },
    });
  };
}

interface Row {
  id: string;
  [property: string]: unknown;
}

/** That there is no diagnosis says something about a person too, so whoever was told that has opened the column group. */
function noteAbsence(row: Row, group: string): void {
  const owner = ownerOf(row);
  if (owner !== null) findScope()?.note(owner, group);
}

/** Whose data key seals the row; null for a fresh one that does not say yet. */
function ownerOf(row: Row): string | null {
  const { owner } = rowInfo(row.constructor);
  const id = 'id' in owner ? owner.id : row[owner.property];
  return typeof id === 'string' && id !== '' ? id : null;
}

/** The sealed columns of an entity class; empty when it has none. */
function sealedColumnsOf(entity: object): readonly SealedColumnInfo[] {
  return columns.get(entity) ?? [];
}

/** Every table with sealed columns: the catalogue by which keys are counted, re-sealed and verified. */
export function sealedEntities(): SealedTable[] {
  return [...columns].map(([entity, infos]) => {
    const { table, owner } = rowInfo(entity);
    return { table, owner: 'id' in owner ? owner : { column: snakeCase(owner.property) }, columns: infos };
  });
}

/** Table name and sealed columns of the entity stored in this table. Throws when there is none. */
export function sealedEntityOf(table: string): SealedTable {
  const entity = sealedEntities().find((known) => known.table === table);
  if (!entity) throw new Error(`Table ${table} has no sealed columns.`);
  return entity;
}

/** Place of a sealed cell: table, column, row and owner, bound into its envelope. Throws when the row has no id yet. */
function bindingOf(row: { id: string }, column: string): Binding {
  const info = rowInfo(row.constructor);
  const owner = ownerOf(row as Row);
  if (!row.id || owner === null)
    throw new Error(`A ${info.table} needs its id and owner before a value can be sealed into it.`);
  return { table: info.table, column, row: row.id, owner };
}

/**
 * Binds every sealed value of a row to its place. Called before each insert and update, it refuses a value taken over from
 * another row: BindingError.
 */
export function bindRow(row: { id: string }): void {
  for (const { property, column, group } of sealedColumnsOf(row.constructor)) {
    const value = (row as Row)[property];
    if (value instanceof Sealed) value.bindTo(bindingOf(row, column), group);
  }
}

/** The envelopes of these rows, for `keyring.hold`. */
export function* envelopesOf(entities: Iterable<object>): Generator<Buffer> {
  for (const entity of entities) {
    for (const { property } of sealedColumnsOf(entity.constructor)) {
      const value = (entity as Row)[property];
      if (value instanceof Sealed && !value.fresh) yield value.bytes();
    }
  }
}

function sealedBytes(value: unknown, column: string): Buffer | null | undefined {
  if (value === null || value === undefined) return value;
  if (value instanceof Sealed) return value.bytes();
  throw new TypeError(`Column ${column} is sealed: it takes a Sealed value and cannot be searched by a plain one.`);
}

function rowInfo(entity: object): SealedRowInfo {
  const info = rows.get(entity);
  if (!info) throw new Error('An entity with sealed columns lacks @SealedRow.');
  return info;
}

/** As it would come back from storage: undefined members gone, class instances plain. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Opens values for the server's own work (comparing, indexing, confirming a hit). Nobody is shown them, so the ledger's
 * list of what was disclosed leaves them out. The work must be synchronous.
 */
export function privately<T>(work: () => T): T {
  const quiet = new AccessScope();
  for (const [id, key] of currentScope().keys) quiet.keys.set(id, key);
  return runIn(quiet, work);
}

/** True when a sealed field already holds this value, so that setting it again would be no change. */
export function holdsSame<E extends object>(row: E, field: keyof E & string, value: unknown): boolean {
  if (!(`${field}Sealed` in row)) return false;
  const current = privately(() => row[field]);
  return isDeepStrictEqual(asJson(current), asJson(value));
}
