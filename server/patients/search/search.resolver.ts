import { Arg, Ctx, FieldResolver, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { inputIs } from '../../graphql/arguments';
import type { RequestContext } from '../../graphql/context';
import { PatientEdge } from '../patient.connection';
import type { PatientEdge as Edge } from './search-page';
import { SimilarPatient, SimilarPatientsInput } from './similar.inputs';
import { SimilarPatients } from './similar-patients';

enum SearchMatch {
  EXACT = 'EXACT',
  PREFIX = 'PREFIX',
  SOUND = 'SOUND',
}
registerEnumType(SearchMatch, {
  name: 'SearchMatch',
  description:
    'How a patient fits a search: whole words and numbers, beginnings of names, or names that only sound alike.',
});

@Resolver(() => PatientEdge)
export class PatientEdgeResolver {
  @FieldResolver(() => SearchMatch, {
    nullable: true,
    description: 'How well this patient fits the search; null when nothing was searched for.',
  })
  match(@Root() edge: Edge) {
    return edge.match ?? null;
  }
}

@Resolver()
export class SimilarPatientsResolver {
  constructor(private readonly similar: SimilarPatients) {}

  @Query(() => [SimilarPatient], {
    complexity: 50,
    description: 'Patients this person may read who may be the one about to be registered.',
  })
  similarPatients(
    @Ctx() context: RequestContext,
    @Arg('input', () => SimilarPatientsInput, inputIs) input: SimilarPatientsInput,
  ) {
    return this.similar.find(context, input);
  }
}
