import type { Location } from './sources';

export type Change = 'new' | 'changed' | 'unchanged';
export type Tally = Record<Change, number>;
export type Part = 'problems' | 'allergies' | 'medications' | 'measurements';

/** What an import did, and what it could not do. */
export class Report {
  readonly patients: Tally = { new: 0, changed: 0, unchanged: 0 };
  readonly visits: Tally = { new: 0, changed: 0, unchanged: 0 };
  /** Resources that were understood, by the list they went into. */
  readonly parts: Record<Part, number> = { problems: 0, allergies: 0, medications: 0, measurements: 0 };
  readonly skipped = new Map<string, number>();
  /** `file:line: reason`, without any patient's data. */
  readonly faults: string[] = [];

  fault({ source, line }: Location, reason: string): void {
    this.faults.push(`${source.path}:${line}: ${reason}`);
  }

  skip(kind: string): void {
    this.skipped.set(kind, (this.skipped.get(kind) ?? 0) + 1);
  }

  /** The closing summary, line by line. */
  summary(): string[] {
    const tally = (name: string, counts: Tally) =>
      `${name} ${counts.new} new, ${counts.changed} changed, ${counts.unchanged} unchanged`;
    const parts = Object.entries(this.parts).filter(([, read]) => read > 0);
    const skipped = [...this.skipped].sort(([one], [other]) => (one < other ? -1 : 1));
    return [
      tally('Patients:', this.patients),
      tally('Visits:  ', this.visits),
      ...(parts.length > 0 ? [`Read:     ${parts.map(([part, read]) => `${read} ${part}`).join(', ')}`] : []),
      ...(skipped.length > 0 ? [`Skipped:  ${skipped.map(([kind, count]) => `${count} ${kind}`).join(', ')}`] : []),
      `Faults:   ${this.faults.length}`,
    ];
  }
}
