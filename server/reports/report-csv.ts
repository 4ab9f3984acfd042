import { stringify } from 'csv-stringify/sync';
import { howToCheck, type ReportTable } from './report-table';

/**
 * The report as a table: what it says of itself, then columns and rows, then checkpoints and how to check. With a byte order
 * mark, without which spreadsheets take UTF-8 for something else; with cells of several lines quoted, whichever way the lines
 * end (RFC 4180); and with cells that would be formulas made text.
 */
export function csvOf({ title, facts, columns, rows, checkpoints }: ReportTable): string {
  const records = [
    ['Report', title],
    ...facts,
    [],
    columns.map((column) => column.title),
    ...rows,
    [],
    ...checkpoints.map((note) => ['Checkpoint', note]),
    ...howToCheck.map((line) => ['How to check', line]),
  ];
  return stringify(records, { bom: true, record_delimiter: '\r\n', quoted_match: /[\r\n]/, escape_formulas: true });
}
