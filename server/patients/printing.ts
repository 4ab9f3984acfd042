import type { Foundation } from '../access/foundation';
import type { RequestContext } from '../graphql/context';
import type { PatientRepository } from './patient.repository';

/** Paper leaves the hospital's control, so the log has an entry before the printer has a page. */
export class Printing {
  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
  ) {}

  /** Notes that this actor prints a record they may read; answers the time the paper is to show. Throws NOT_FOUND, FORBIDDEN. */
  async note(context: RequestContext, patientId: string): Promise<Date> {
    const { id } = await this.patients.get(context, patientId);
    await this.base.audit.record({ action: 'print', target: { type: 'patient', id }, patients: [id] });
    return this.base.clock.now();
  }
}
