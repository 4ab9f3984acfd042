import type { ApolloClient } from '@apollo/client';
import { AccessReportFile, DisclosureReportFile } from './report-documents';

export type ReportKind = 'accesses' | 'disclosures';

interface Asked {
  kind: ReportKind;
  format: 'csv' | 'pdf';
  patientId: string;
  from: string;
  to: string;
}

/** From the reader's midnight of the first day to that after the last, as moments. */
export function periodOf({ from, to }: { from: string; to: string }): { from: string; to: string } {
  const end = new Date(`${to}T00:00`);
  end.setDate(end.getDate() + 1);
  return { from: new Date(`${from}T00:00`).toISOString(), to: end.toISOString() };
}

/** Has the server make a report as a file. Nothing of it is kept in the cache. */
export async function fetchReportFile(
  client: ApolloClient,
  { kind, format, ...variables }: Asked,
): Promise<{ contents: BlobPart; type: string }> {
  const options = { variables: { ...variables, csv: format === 'csv' }, fetchPolicy: 'no-cache' } as const;
  const report =
    kind === 'accesses'
      ? (await client.query({ query: AccessReportFile, ...options })).data?.accessReport
      : (await client.query({ query: DisclosureReportFile, ...options })).data?.accountingOfDisclosures;
  if (format === 'csv') return { contents: report?.csv ?? '', type: 'text/csv' };
  const bytes = Uint8Array.from(atob(report?.pdf ?? ''), (character) => character.charCodeAt(0));
  return { contents: bytes, type: 'application/pdf' };
}
