import type { DataSource } from 'typeorm';
import type { PatientIndex } from './patient-index';

/** Numbers drawn at a time for single registrations: two statements for all of them. A server that stops loses the rest. */
export const DRAWN_AHEAD = 16;

/** Record numbers for patients who bring none. */
export class RecordNumbers {
  private ahead: string[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly index: Pick<PatientIndex, 'mrnToken'>,
  ) {}

  /** A number that nobody had when it was drawn, which may be a while ago; `patient_mrn_unique` says whether it still holds. */
  async next(): Promise<string> {
    if (this.ahead.length === 0) this.ahead = [...(await this.draw(DRAWN_AHEAD)), ...this.ahead];
    return this.ahead.pop()!;
  }

  /** The next numbers that nobody was given by hand before their turn, highest first. */
  async draw(count: number): Promise<string[]> {
    const free: string[] = [];
    while (free.length < count) {
      const rows = await this.dataSource.query<{ mrn: string }[]>(
        "SELECT 'H' || nextval('mrn_seq') AS mrn FROM generate_series(1, $1::int)",
        [count - free.length],
      );
      const drawn = rows.map(({ mrn }) => ({ mrn, token: this.index.mrnToken(mrn) }));
      const taken = await this.dataSource.query<{ mrn_token: Buffer }[]>(
        'SELECT mrn_token FROM patient WHERE mrn_token = ANY($1::bytea[])',
        [drawn.map(({ token }) => token)],
      );
      free.push(
        ...drawn.filter(({ token }) => !taken.some((row) => row.mrn_token.equals(token))).map(({ mrn }) => mrn),
      );
    }
    return free.reverse();
  }
}
