import type { AuditEntry } from '../audit';
import type { Patient } from '../patients';
import { accessRow, disclosureRow, whoOf } from './report-rows';
import { DisclosureReport, type Report, type ReportProof } from './report.types';

/** A report as files have it: what it says of itself, its columns, its rows, and how to check it. */
export interface ReportTable {
  title: string;
  facts: readonly (readonly [label: string, value: string])[];
  columns: readonly Column[];
  rows: readonly (readonly string[])[];
  checkpoints: readonly string[];
}

/** A column; those without a width are in the table only, not in the document. */
export interface Column {
  title: string;
  /** Share of the width of a page. */
  width: number;
}

const NOT_ON_PAPER = 0;

const proving: Column[] = ['Leaf hash', 'Log', 'Place', 'Size', 'Inclusion proof'].map((title) => ({
  title,
  width: NOT_ON_PAPER,
}));

const accessColumns: Column[] = [
  { title: 'Entry', width: 7 },
  { title: 'When (UTC)', width: 14 },
  { title: 'Who', width: 17 },
  { title: 'Role', width: 9 },
  { title: 'Action', width: 9 },
  { title: 'Outcome', width: 7 },
  { title: 'What', width: 22 },
  { title: 'Why', width: 15 },
  { title: 'Emergency', width: NOT_ON_PAPER },
  { title: 'Operation', width: NOT_ON_PAPER },
  { title: 'Account', width: NOT_ON_PAPER },
  ...proving,
];

const disclosureColumns: Column[] = [
  { title: 'Entry', width: 8 },
  { title: 'When (UTC)', width: 16 },
  { title: 'Recipient', width: 26 },
  { title: 'Address', width: 14 },
  { title: 'Disclosed', width: 22 },
  { title: 'Purpose', width: 14 },
  ...proving,
];

/** What anybody needs to check a report without trusting whoever made it; docs/operations/audit.md says it at length. */
export const howToCheck = [
  'The checkpoint is signed with the log’s key (C2SP tlog-checkpoint, Ed25519): compare the key with the one the hospital has published, and the checkpoint with one a witness has kept.',
  'Each row names its entry. The table (CSV, attached to the PDF) has the SHA-256 leaf hash of the entry’s bytes and its inclusion proof as well (RFC 9162, section 2.1.3.2): both must lead to the root in the checkpoint.',
  'Whoever audits the hospital may see the bytes of an entry; their hash (SHA-256 of 00 and the bytes) must be the leaf hash.',
];

/** Makes the table; `entries` are walked once. */
export async function tableOf(
  report: Report,
  patient: Patient | null,
  entries: AsyncIterable<AuditEntry>,
): Promise<ReportTable> {
  const disclosures = report instanceof DisclosureReport;
  const rows: string[][] = [];
  const indexes: number[] = [];
  for await (const entry of entries) {
    indexes.push(entry.index);
    rows.push(disclosures ? await disclosureCells(report, entry) : await accessCells(report, entry));
  }
  return {
    title: disclosures ? 'Accounting of disclosures (45 CFR 164.528)' : 'Accesses to a patient’s record',
    facts: [
      ...(patient ? patientFacts(patient) : []),
      ['Patient id', report.patientId],
      ['From', moment(report.from)],
      ['Until', moment(report.to)],
      ['Made', `${moment(report.madeAt)} by ${report.madeBy}`],
      ['Entries', String(rows.length)],
    ],
    columns: disclosures ? disclosureColumns : accessColumns,
    rows,
    checkpoints: report.proofs.notesOf(indexes),
  };
}

function patientFacts({ name, birthDate, mrn }: Patient): [string, string][] {
  const parts = [name.prefix, ...(name.given ?? []), name.family].filter(Boolean);
  return [
    ['Patient', parts.join(' ')],
    ['Born', birthDate ?? 'unknown'],
    ['Record number', mrn],
  ];
}

async function accessCells(report: Report, entry: AuditEntry): Promise<string[]> {
  const { emergency, proof } = await accessRow(entry, report.proofs);
  const { index, at, actor, action, outcome, fields, purpose, reason, operation, leafHash } = entry;
  const why = [emergency ? 'EMERGENCY' : purpose, reason].filter(Boolean).join(': ');
  const what = [entry.target?.type, fields.join(', ')].filter(Boolean).join(': ');
  return [
    ...[String(index), moment(at), whoOf(entry), actor.role ?? actor.kind, action, outcome, what, why],
    ...[emergency ? 'yes' : 'no', operation ?? '', actor.id ?? '', ...proofCells(leafHash, proof)],
  ];
}

async function disclosureCells(report: Report, entry: AuditEntry): Promise<string[]> {
  const row = await disclosureRow(entry, report.proofs);
  const { at, recipient, recipientAddress, disclosed, purpose, proof } = row;
  return [
    ...[String(entry.index), moment(at), recipient, recipientAddress ?? '', disclosed.join(', '), purpose],
    ...proofCells(entry.leafHash, proof),
  ];
}

function proofCells(leafHash: string, proof: ReportProof | null): string[] {
  if (!proof) return [leafHash, '', '', '', ''];
  return [leafHash, proof.origin, String(proof.place), String(proof.size), proof.path.join(' ')];
}

/** Seconds are enough on paper; the entry has milliseconds. */
function moment(at: Date): string {
  return at
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '');
}
