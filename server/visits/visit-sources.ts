import { IsNull, Not, type EntityManager } from 'typeorm';
import { nameChange } from '../audit';
import type { RequestContext } from '../graphql/context';
import type { ErasureObserver } from '../patients';
import type { Clock } from '../platform/clock';
import { Visit } from './visit.entity';

/** Keeps imported visits of an erased patient from being recognised by the other system's numbers. */
export class VisitSources implements ErasureObserver {
  constructor(private readonly clock: Clock) {}

  async patientErased(context: RequestContext, manager: EntityManager, patientId: string): Promise<void> {
    const visits = await manager.findBy(Visit, { patientId, sourceToken: Not(IsNull()) });
    for (const visit of visits) {
      visit.sourceToken = null;
      visit.version += 1;
      visit.updatedAt = this.clock.now();
      visit.updatedBy = context.actor.id;
      nameChange(visit, 'erase');
    }
    await manager.save(visits, { reload: false });
  }
}
