import { DisclosureReportResolver } from './disclosure-report.resolver';
import { ReportFiles } from './report-files';
import { AccessReportResolver, ReportResolver } from './report.resolver';
import { ReportService, type ReportDeps } from './report.service';

/** Reports about who saw a patient's record. */
export interface Reports {
  resolvers: readonly object[];
}

/** Puts the parts together. */
export function createReports(deps: ReportDeps): Reports {
  const service = new ReportService(deps);
  const files = new ReportFiles(service);
  return {
    resolvers: [
      new ReportResolver(service),
      new AccessReportResolver(service, files),
      new DisclosureReportResolver(service, files),
    ],
  };
}
