/** Where progress is drawn: a terminal, or anything that takes lines. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const BAR_WIDTH = 30;
const REDRAW_MS = 100;
const LINE_MS = 5000;

/** Progress of long work: a bar on a terminal; elsewhere one plain line every few seconds, and the last one. */
export class Progress {
  private drawnAt = 0;
  private readonly startedAt = Date.now();
  private latest = '';

  constructor(
    private readonly label: string,
    private readonly stream: ProgressStream = process.stderr,
  ) {}

  /** Tells how far the work is. Leave `total` out while it is not known. */
  update(done: number, total?: number): void {
    this.latest = this.describe(done, total);
    const now = Date.now();
    const complete = total !== undefined && done >= total;
    if (!complete && now - this.drawnAt < (this.stream.isTTY ? REDRAW_MS : LINE_MS)) return;
    if (!this.stream.isTTY && this.drawnAt === 0 && !complete && now - this.startedAt < LINE_MS) return;
    this.drawnAt = now;
    this.draw();
  }

  /** Ends the bar's line, so that what is printed next stands on its own. */
  finish(): void {
    if (this.latest === '' || !this.stream.isTTY) return;
    this.draw();
    this.stream.write('\n');
    this.latest = '';
  }

  private draw(): void {
    if (this.stream.isTTY) this.stream.write(`\r${this.latest.slice(0, (this.stream.columns ?? 80) - 1)}\x1b[K`);
    else this.stream.write(`${this.latest}\n`);
  }

  private describe(done: number, total: number | undefined): string {
    if (total === undefined) return `${this.label} ${count(done)}`;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const figures = `${count(done)} of ${count(total)} (${Math.floor(share * 100)} %)`;
    if (!this.stream.isTTY) return `${this.label} ${figures}`;
    const full = Math.round(share * BAR_WIDTH);
    return `${this.label} [${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${figures}${this.remaining(share)}`;
  }

  private remaining(share: number): string {
    const elapsed = Date.now() - this.startedAt;
    if (share === 0 || share === 1 || elapsed < 2000) return '';
    return `, ${Math.ceil((elapsed / share - elapsed) / 1000)} s left`;
  }
}

/** Thousands apart by a thin gap that every terminal has: 48 211. */
export function count(figure: number): string {
  return String(figure).replace(/\B(?=(\d{3})+$)/g, ' ');
}
