import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../graphql/context';
import { PageArgs } from '../graphql/pagination';
import { Patient } from '../patients';
import { ReportFiles } from './report-files';
import { csvIs, patientIs, pdfIs } from './report.resolver';
import { ReportService } from './report.service';
import { DisclosureReport, DisclosureRowConnection } from './report.types';

@Resolver(() => DisclosureReport)
export class DisclosureReportResolver {
  constructor(
    private readonly reports: ReportService,
    private readonly files: ReportFiles,
  ) {}

  @FieldResolver(() => Patient, patientIs)
  patient(@Ctx() context: RequestContext, @Root() report: DisclosureReport) {
    return this.reports.patientOf(context, report);
  }

  @FieldResolver(() => DisclosureRowConnection, { description: 'Its rows, oldest first.' })
  rows(@Ctx() context: RequestContext, @Root() report: DisclosureReport, @Args(() => PageArgs) args: PageArgs) {
    return this.reports.disclosureRows(context, report, args);
  }

  @FieldResolver(() => String, csvIs)
  csv(@Ctx() context: RequestContext, @Root() report: DisclosureReport) {
    return this.files.csv(context, report);
  }

  @FieldResolver(() => String, pdfIs)
  pdf(@Ctx() context: RequestContext, @Root() report: DisclosureReport) {
    return this.files.pdf(context, report);
  }
}
