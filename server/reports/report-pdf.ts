import { setImmediate as nextTurn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { csvOf } from './report-csv';
import { howToCheck, type ReportTable } from './report-table';

// Embedded, so that every reader shows names in Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic letters.
const REGULAR = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const BOLD = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');
const MONO = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf');

/** In points, of 1/72 inch. */
const MARGIN = 40;
const FOOTER = 24;
const CELL_GAP = 6;
const ROW_GAP = 5;
const INK = '#1b1f24';
const FAINT = '#5a6470';
const LINE = '#c9d0d8';

/** Rows laid out before other work of the server gets its turn. */
const ROWS_A_TURN = 25;

/**
 * The report as a document: A4, landscape, with a heading on each page and a foot that numbers them. Proofs are for programs to
 * read: the table that has them is attached (PDF 32000-1, 7.11.4).
 */
export async function pdfOf(table: ReportTable): Promise<Buffer> {
  const document = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER },
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: table.title, Creator: 'Chartseal' },
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => document.on('end', resolve).on('error', reject));
  document.file(Buffer.from(csvOf(table)), {
    name: 'report.csv',
    type: 'text/csv',
    description: 'This report as a table, with the inclusion proof of each row',
  });
  await new Report(document, table).write();
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

class Report {
  private readonly columns: { title: string; place: number; left: number; width: number }[] = [];

  constructor(
    private readonly document: PDFKit.PDFDocument,
    private readonly table: ReportTable,
  ) {
    const shown = table.columns.map((column, place) => ({ ...column, place })).filter(({ width }) => width > 0);
    const shares = shown.reduce((sum, { width }) => sum + width, 0);
    let left = MARGIN;
    for (const { title, place, width } of shown) {
      const points = ((document.page.width - 2 * MARGIN) * width) / shares;
      this.columns.push({ title, place, left, width: points - CELL_GAP });
      left += points;
    }
  }

  async write(): Promise<void> {
    this.opening();
    this.heading();
    for (const [done, cells] of this.table.rows.entries()) {
      if (done % ROWS_A_TURN === 0) await nextTurn();
      this.row(cells);
    }
    if (this.table.rows.length === 0) this.text('There are no entries in this period.', REGULAR, 9);
    this.closing();
    this.feet();
  }

  private opening(): void {
    this.text(this.table.title, BOLD, 15);
    this.document.moveDown(0.5);
    for (const [label, value] of this.table.facts) {
      this.document.font(BOLD).fontSize(9).fillColor(FAINT).text(`${label}: `, MARGIN, undefined, { continued: true });
      this.document.font(REGULAR).fillColor(INK).text(value);
    }
    this.document.moveDown(1);
  }

  private heading(): void {
    this.cells(
      this.columns.map(({ title }) => title),
      BOLD,
      FAINT,
    );
  }

  private row(cells: readonly string[]): void {
    const shown = this.columns.map(({ place }) => cells[place] ?? '');
    this.document.font(REGULAR).fontSize(8);
    if (this.document.y + this.heightOf(shown) > this.bottom) {
      this.document.addPage();
      this.heading();
    }
    this.cells(shown, REGULAR, INK);
  }

  /** One line of cells, as high as its highest, with a rule below. */
  private cells(texts: readonly string[], font: string, color: string): void {
    const { document } = this;
    document.font(font).fontSize(8).fillColor(color);
    const top = document.y;
    const height = this.heightOf(texts);
    this.columns.forEach(({ left, width }, at) => document.text(texts[at] ?? '', left, top, { width }));
    const below = top + height + ROW_GAP / 2;
    document
      .moveTo(MARGIN, below)
      .lineTo(document.page.width - MARGIN, below)
      .lineWidth(0.5)
      .strokeColor(LINE)
      .stroke();
    document.x = MARGIN;
    document.y = top + height + ROW_GAP;
  }

  private heightOf(texts: readonly string[]): number {
    return Math.max(...this.columns.map(({ width }, at) => this.document.heightOfString(texts[at] || ' ', { width })));
  }

  private closing(): void {
    this.document.moveDown(1);
    this.text('How to check this report', BOLD, 10);
    for (const line of howToCheck) this.text(line, REGULAR, 8);
    for (const note of this.table.checkpoints) {
      this.document.moveDown(0.5);
      this.text(note.trimEnd(), MONO, 7.5);
    }
  }

  private feet(): void {
    const { start, count } = this.document.bufferedPageRange();
    for (let page = start; page < start + count; page += 1) {
      this.document.switchToPage(page);
      this.document.page.margins.bottom = 0; // else text in the foot begins a page of its own
      const said = `${this.table.title} · page ${page + 1} of ${count}`;
      this.document
        .font(REGULAR)
        .fontSize(7.5)
        .fillColor(FAINT)
        .text(said, MARGIN, this.bottom + FOOTER / 2, { lineBreak: false });
    }
  }

  private text(text: string, font: string, size: number): void {
    this.document.font(font).fontSize(size).fillColor(INK).text(text, MARGIN);
  }

  private get bottom(): number {
    return this.document.page.height - MARGIN - FOOTER;
  }
}
