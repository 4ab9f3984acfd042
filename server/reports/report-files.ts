import type { RequestContext } from '../graphql/context';
import { badInput, ChartsealError } from '../graphql/errors';
import { Gate } from '../platform/gate';
import { csvOf } from './report-csv';
import { pdfOf } from './report-pdf';
import type { ReportService } from './report.service';
import { tableOf, type ReportTable } from './report-table';
import type { Report } from './report.types';

/** Rows of a file at most: what a document of some 250 pages holds, and what memory can always spare. */
const MOST_ROWS = 5_000;
/** Files waiting to be made; whoever comes then is asked to come again. */
const MOST_WAITING = 8;
const COME_AGAIN_SECONDS = 30;

/** Reports as files. One is made at a time, so that however many ask, the server has memory and time for its other work. */
export class ReportFiles {
  private readonly gate = new Gate(1, MOST_WAITING);

  constructor(private readonly reports: ReportService) {}

  /** Throws BAD_USER_INPUT for a period of too many entries, RATE_LIMITED when too many files are waited for. */
  csv(context: RequestContext, report: Report): Promise<string> {
    return this.made(context, report, (table) => Promise.resolve(csvOf(table)));
  }

  /** In base64. Throws as `csv`. */
  pdf(context: RequestContext, report: Report): Promise<string> {
    return this.made(context, report, async (table) => (await pdfOf(table)).toString('base64'));
  }

  private made(
    context: RequestContext,
    report: Report,
    make: (table: ReportTable) => Promise<string>,
  ): Promise<string> {
    return this.gate.pass(
      async () => {
        const count = await this.reports.count(report);
        if (count === undefined || count > MOST_ROWS)
          throw badInput('from', `A file holds ${MOST_ROWS} entries; ask for a shorter period.`);
        const patient = await this.reports.patientOf(context, report);
        return make(await tableOf(report, patient, this.reports.entries(context, report)));
      },
      () =>
        new ChartsealError('RATE_LIMITED', 'Other reports are being made.', { retryAfterSeconds: COME_AGAIN_SECONDS }),
    );
  }
}
