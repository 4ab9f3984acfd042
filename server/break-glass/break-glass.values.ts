import { registerEnumType } from 'type-graphql';

/** Why a glass is broken. */
export enum BreakGlassReason {
  EMERGENCY = 'EMERGENCY',
  COVERING_COLLEAGUE = 'COVERING_COLLEAGUE',
  CONSULT = 'CONSULT',
  PATIENT_REQUEST = 'PATIENT_REQUEST',
  OTHER = 'OTHER',
}
registerEnumType(BreakGlassReason, {
  name: 'BreakGlassReason',
  description: 'Why somebody takes access outside their care.',
  valuesConfig: {
    EMERGENCY: { description: 'Life or limb; nobody of the care team is there.' },
    COVERING_COLLEAGUE: { description: 'Standing in for a colleague of the care team.' },
    CONSULT: { description: 'Asked for advice.' },
    PATIENT_REQUEST: { description: 'The patient asked for it.' },
    OTHER: { description: 'Anything else; the text says what.' },
  },
});

/** What a reviewer makes of a grant. */
export enum ReviewVerdict {
  APPROPRIATE = 'APPROPRIATE',
  QUESTIONED = 'QUESTIONED',
}
registerEnumType(ReviewVerdict, {
  name: 'ReviewVerdict',
  description: 'What a reviewer makes of access taken in an emergency.',
  valuesConfig: {
    APPROPRIATE: { description: 'There was reason to.' },
    QUESTIONED: { description: 'It has to be talked about.' },
  },
});
