import { registerEnumType } from 'type-graphql';

/** What a rule over the log looks for. */
export enum SnoopingRule {
  SAME_SURNAME = 'SAME_SURNAME',
  SAME_ADDRESS = 'SAME_ADDRESS',
  COLLEAGUE = 'COLLEAGUE',
  NO_RELATION = 'NO_RELATION',
  BURST = 'BURST',
  ODD_HOUR = 'ODD_HOUR',
  CONFIDENTIAL = 'CONFIDENTIAL',
}
registerEnumType(SnoopingRule, {
  name: 'SnoopingRule',
  description: 'Why an access is worth asking about.',
  valuesConfig: {
    SAME_SURNAME: { description: 'The patient has the family name of the person.' },
    SAME_ADDRESS: { description: 'The patient lives where the person lives.' },
    COLLEAGUE: { description: 'The patient is a member of staff; perhaps the person.' },
    NO_RELATION: {
      description: 'The person was not on the care team then: broken glass, or an administrator at clinical data.',
    },
    BURST: { description: 'Many different patients in a short time, more than is usual for the person.' },
    ODD_HOUR: { description: 'At night by the hospital’s clock, by somebody who seldom works then.' },
    CONFIDENTIAL: { description: 'The patient is confidential, and the person was not on the care team then.' },
  },
});

/** How much an access stands out. */
export enum SnoopingSeverity {
  LOW = 'LOW',
  MEDIUM = 'MEDIUM',
  HIGH = 'HIGH',
}
registerEnumType(SnoopingSeverity, {
  name: 'SnoopingSeverity',
  description: 'How much an access stands out.',
  valuesConfig: {
    LOW: { description: 'It may well be part of the work: somebody on the care team, or under a reviewed grant.' },
    MEDIUM: { description: 'It wants a reason.' },
    HIGH: { description: 'It should not have happened without one.' },
  },
});
/** By the figure that is stored. */
export const severities = [SnoopingSeverity.LOW, SnoopingSeverity.MEDIUM, SnoopingSeverity.HIGH] as const;

/** What became of it. */
export enum SnoopingVerdict {
  EXPLAINED = 'EXPLAINED',
  MISUSE = 'MISUSE',
}
registerEnumType(SnoopingVerdict, {
  name: 'SnoopingVerdict',
  description: 'What a reviewer makes of a finding.',
  valuesConfig: {
    EXPLAINED: { description: 'There was reason to.' },
    MISUSE: { description: 'There was none.' },
  },
});

/** Whether somebody has looked at it. */
export enum SnoopingStatus {
  OPEN = 'OPEN',
  EXPLAINED = 'EXPLAINED',
  MISUSE = 'MISUSE',
}
registerEnumType(SnoopingStatus, {
  name: 'SnoopingStatus',
  description: 'Where a finding stands.',
  valuesConfig: {
    OPEN: { description: 'Nobody has reviewed it; it grows with each further access of the day.' },
    EXPLAINED: { description: 'Reviewed: there was reason to.' },
    MISUSE: { description: 'Reviewed: there was none.' },
  },
});
