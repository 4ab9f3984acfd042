import { z } from 'zod';
import type {
  CreateVisitInput,
  VisitChangesInput,
  VisitPartsFragment,
  VisitStatus,
  VisitType,
} from '../../gql/graphql';
import { fromInstant, toInstant } from '../../ui/instant';
import { emptyVitals, fromVitals, toVitals, vitalSigns, type VitalsValues } from './vitals';

/** A visit as the form holds it. */
export interface VisitValues extends Record<string, unknown> {
  type: VisitType;
  status: VisitStatus;
  startedAt: string;
  endedAt: string;
  attendingId: string | null;
  reason: string;
  notes: string;
  diagnosis: string;
  vitals: VitalsValues;
  /** Why a closed visit is amended; empty otherwise. */
  why: string;
}

export const visitTypes: VisitType[] = ['AMBULATORY', 'INPATIENT', 'EMERGENCY', 'HOME', 'VIRTUAL'];
export const visitStatuses: VisitStatus[] = ['PLANNED', 'IN_PROGRESS', 'FINISHED', 'CANCELLED', 'ENTERED_IN_ERROR'];

/** A closed visit is amended, not rewritten. */
export function isOpen(status: VisitStatus): boolean {
  return status === 'PLANNED' || status === 'IN_PROGRESS';
}

export function newVisit(attendingId: string | null): VisitValues {
  return {
    type: 'AMBULATORY',
    status: 'IN_PROGRESS',
    startedAt: fromInstant(new Date().toISOString()),
    endedAt: '',
    attendingId,
    reason: '',
    notes: '',
    diagnosis: '',
    vitals: emptyVitals,
    why: '',
  };
}

export function fromVisit(visit: VisitPartsFragment): VisitValues {
  return {
    type: visit.type,
    status: visit.status,
    startedAt: fromInstant(visit.startedAt),
    endedAt: fromInstant(visit.endedAt),
    attendingId: visit.attending?.id ?? null,
    reason: visit.reason ?? '',
    notes: visit.notes ?? '',
    diagnosis: visit.diagnosis ?? '',
    vitals: fromVitals(visit.vitals),
    why: '',
  };
}

const measurement = (low: number, high: number) => {
  const number = z.number().min(low, 'range').max(high, 'range');
  return z.union([z.literal(''), number], 'range');
};

export const vitalsSchema = z.object({
  vitals: z.object(Object.fromEntries(vitalSigns.map((sign) => [sign.key, measurement(...sign.limits)]))),
});

const moment = z.string().refine((text) => toInstant(text) !== null, 'moment');

export const visitSchema = vitalsSchema
  .extend({
    startedAt: moment,
    endedAt: z.literal('').or(moment),
    reason: z.string().max(2000, 'tooLong'),
    notes: z.string().max(20_000, 'tooLong'),
    diagnosis: z.string().max(20_000, 'tooLong'),
  })
  .refine((visit) => !visit.endedAt || Date.parse(visit.endedAt) >= Date.parse(visit.startedAt), {
    path: ['endedAt'],
    message: 'endBeforeStart',
  });

export const amendmentSchema = visitSchema.and(
  z.object({ why: z.string().trim().min(3, 'reason').max(1000, 'tooLong') }),
);

const orNull = (text: string) => text.trim() || null;

function pack(values: VisitValues) {
  return {
    type: values.type,
    status: values.status,
    startedAt: toInstant(values.startedAt) ?? '',
    endedAt: toInstant(values.endedAt),
    attendingId: values.attendingId,
    reason: orNull(values.reason),
    notes: orNull(values.notes),
    diagnosis: orNull(values.diagnosis),
    vitals: toVitals(values.vitals),
  };
}

export function toCreateVisit(values: VisitValues, patientId: string, idempotencyKey: string): CreateVisitInput {
  return { ...pack(values), patientId, idempotencyKey };
}

/** Only what differs from what was read. */
export function toUpdateVisit(values: VisitValues, before: VisitValues): VisitChangesInput {
  const old: Record<string, unknown> = pack(before);
  return Object.fromEntries(
    Object.entries(pack(values)).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(old[key])),
  );
}
