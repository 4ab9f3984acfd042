import { isDeepStrictEqual } from 'node:util';
import { holdsSame, privately } from '../database/sealed-column';
import type { Identifier, Patient } from '../patients';
import type { PatientField } from './merge.inputs';

/** Issuer (FHIR Identifier.system) under which the record number of a merged record is kept as an identifier. */
const FORMER_MRN = 'urn:chartseal:former-mrn';

/** Lists of which nothing may be lost by a merge, least of all an allergy: the kept record gets both. */
const united = ['identifiers', 'allergies', 'problems', 'medications'] as const;

type Field = PatientField | (typeof united)[number];

interface FieldChange {
  field: Field;
  before: unknown;
  after: unknown;
}

/** What a merge did to the kept record, so that it can be undone; rows by table. */
export interface Undo {
  fields: FieldChange[];
  /** Set when the kept record became confidential by the merge. */
  confidential: { reasonBefore: string | null } | null;
  /** Rows that were the merged record's. */
  moved: Record<string, string[]>;
  /** Places made on the kept record's care team. */
  places: string[];
}

/** Puts what was chosen, and the lists of both, into the kept record. The kept record stays or becomes confidential. */
export function applyMerge(
  kept: Patient,
  merged: Patient,
  take: readonly PatientField[],
): Omit<Undo, 'moved' | 'places'> {
  const wanted = privately((): [Field, unknown][] => [
    ...[...new Set(take)].map((field): [Field, unknown] => [field, merged[field]]),
    ...united.map((field): [Field, unknown] => [field, union(kept[field] ?? [], listOf(merged, field))]),
  ]);
  const fields = wanted.flatMap(([field, value]) => change(kept, field, value));
  if (!merged.confidential || kept.confidential) return { fields, confidential: null };
  const [reasonBefore, reason] = privately(() => [kept.confidentialReason, merged.confidentialReason]);
  kept.confidential = true;
  kept.confidentialReason = reason!;
  return { fields, confidential: { reasonBefore: reasonBefore! } };
}

/**
 * Takes out of the kept record what a merge put in. A field that somebody has changed since stays as it is: answers which.
 * Of a list that was changed since, what came with the merge goes and the rest stays.
 */
export function undoMerge(kept: Patient, merged: Patient, { fields, confidential }: Undo): PatientField[] {
  const stayed: PatientField[] = [];
  for (const { field, before, after } of fields) {
    if (holdsSame(kept, field, after)) change(kept, field, before);
    else if (isList(field)) change(kept, field, without(listNow(kept, field), after, before));
    else stayed.push(field);
  }
  const reason = privately(() => merged.confidentialReason);
  if (confidential && kept.confidential && holdsSame(kept, 'confidentialReason', reason)) {
    kept.confidential = false;
    kept.confidentialReason = confidential.reasonBefore;
  }
  return stayed;
}

/** Fields to choose in which two records differ. Opens both privately. */
export function differing(one: Patient, other: Patient, fields: readonly PatientField[]): PatientField[] {
  return fields.filter((field) => !holdsSame(one, field, privately(() => other[field]))); // prettier-ignore
}

function change(kept: Patient, field: Field, value: unknown): FieldChange[] {
  const after = Array.isArray(value) && value.length === 0 ? null : value;
  if (holdsSame(kept, field, after)) return [];
  const before: unknown = privately(() => kept[field]);
  Object.assign(kept, { [field]: after });
  return [{ field, before, after }];
}

function listOf(merged: Patient, field: (typeof united)[number]): object[] {
  const list: object[] = merged[field] ?? [];
  const former: Identifier = { system: FORMER_MRN, value: merged.mrn };
  return field === 'identifiers' ? [...list, former] : list;
}

function union(kept: readonly object[], merged: readonly object[]): object[] {
  return [...kept, ...merged.filter((item) => !kept.some((known) => isDeepStrictEqual(plain(known), plain(item))))];
}

function without(now: readonly object[], after: unknown, before: unknown): object[] {
  const [set, earlier] = [after, before].map((list) => (Array.isArray(list) ? list.map(plain) : []));
  const added = set!.filter((item) => !earlier!.some((known) => isDeepStrictEqual(known, item)));
  return now.filter((item) => !added.some((one) => isDeepStrictEqual(one, plain(item))));
}

function listNow(kept: Patient, field: (typeof united)[number]): object[] {
  return privately((): object[] => kept[field] ?? []);
}

function isList(field: Field): field is (typeof united)[number] {
  return united.some((list) => list === field);
}

/** Without what is not said: an item read back and one just given are the same. */
function plain(item: unknown): unknown {
  return JSON.parse(JSON.stringify(item, (_key, value: unknown) => value ?? undefined));
}
