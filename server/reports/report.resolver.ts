import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { demandId } from '../graphql/arguments';
import type { RequestContext } from '../graphql/context';
import { PageArgs } from '../graphql/pagination';
import { DateTime } from '../graphql/scalars';
import { Patient } from '../patients';
import { ReportFiles } from './report-files';
import { ReportService } from './report.service';
import { AccessReport, AccessReportRowConnection, DisclosureReport } from './report.types';

const whose = { description: 'Whose record.' };

@Resolver()
export class ReportResolver {
  constructor(private readonly reports: ReportService) {}

  @Query(() => AccessReport, {
    complexity: 50,
    description: 'Who opened or changed a patient’s record. Making it is an entry of the log.',
  })
  accessReport(
    @Ctx() context: RequestContext,
    @Arg('patientId', () => ID, whose) patientId: string,
    @Arg('from', () => DateTime, { description: 'At or after.' }) from: Date,
    @Arg('to', () => DateTime, { description: 'Before.' }) to: Date,
  ) {
    return this.reports.accesses(context, demandId(patientId, 'patientId'), from, to);
  }

  @Query(() => DisclosureReport, {
    complexity: 50,
    description: 'To whom outside a patient’s record was disclosed (45 CFR 164.528). Making it is an entry of the log.',
  })
  accountingOfDisclosures(
    @Ctx() context: RequestContext,
    @Arg('patientId', () => ID, whose) patientId: string,
    @Arg('from', () => DateTime, {
      nullable: true,
      description: 'At or after; six years before the end, if not given.',
    })
    from?: Date,
    @Arg('to', () => DateTime, { nullable: true, description: 'Before; now, if not given.' }) to?: Date,
  ) {
    return this.reports.disclosures(context, demandId(patientId, 'patientId'), { from, to });
  }
}

export const patientIs = {
  nullable: true,
  description: 'The patient; null when erased, deleted or not to be seen by this person.',
};
export const csvIs = {
  complexity: 500,
  description: 'The report as a table (RFC 4180, UTF-8), with proofs and how to check them.',
};
export const pdfIs = {
  complexity: 1000,
  description: 'The report as a document to print or hand out: PDF, in base64.',
};

@Resolver(() => AccessReport)
export class AccessReportResolver {
  constructor(
    private readonly reports: ReportService,
    private readonly files: ReportFiles,
  ) {}

  @FieldResolver(() => Patient, patientIs)
  patient(@Ctx() context: RequestContext, @Root() report: AccessReport) {
    return this.reports.patientOf(context, report);
  }

  @FieldResolver(() => AccessReportRowConnection, { description: 'Its rows, oldest first.' })
  rows(@Ctx() context: RequestContext, @Root() report: AccessReport, @Args(() => PageArgs) args: PageArgs) {
    return this.reports.accessRows(context, report, args);
  }

  @FieldResolver(() => String, csvIs)
  csv(@Ctx() context: RequestContext, @Root() report: AccessReport) {
    return this.files.csv(context, report);
  }

  @FieldResolver(() => String, pdfIs)
  pdf(@Ctx() context: RequestContext, @Root() report: AccessReport) {
    return this.files.pdf(context, report);
  }
}
