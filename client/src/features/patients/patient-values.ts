import { z } from 'zod';
import type {
  AllergySeverity,
  CreatePatientInput,
  EditPartsFragment,
  Gender,
  MedicationStatus,
  ProblemStatus,
  SimilarPatientsInput,
  UpdatePatientInput,
} from '../../gql/graphql';
import { fromInstant, toInstant } from '../../ui/instant';
import { localDay } from '../../ui/format';

/** A patient as the form holds it: texts are never null, lists always there. */
export interface PatientValues extends Record<string, unknown> {
  mrn: string;
  name: { family: string; given: string; prefix: string };
  birthDate: string | null;
  gender: Gender;
  phone: string;
  email: string;
  address: { line: string; city: string; state: string; postalCode: string; country: string };
  emergencyContact: { name: string; relationship: string; phone: string };
  identifiers: { system: string; value: string }[];
  allergies: { substance: string; reaction: string; severity: AllergySeverity }[];
  problems: { text: string; code: string; system: string; onset: string | null; status: ProblemStatus }[];
  medications: { text: string; dose: string; status: MedicationStatus }[];
  diagnosis: string;
  treatment: string;
  medicalHistory: string;
  deceased: boolean;
  deceasedAt: string;
}

/** Names the draft of a patient's form. */
export const patientDraft = (patientId: string) => `patient ${patientId}`;

export const emptyPatient: PatientValues = {
  mrn: '',
  name: { family: '', given: '', prefix: '' },
  birthDate: null,
  gender: 'UNKNOWN',
  phone: '',
  email: '',
  address: { line: '', city: '', state: '', postalCode: '', country: '' },
  emergencyContact: { name: '', relationship: '', phone: '' },
  identifiers: [],
  allergies: [],
  problems: [],
  medications: [],
  diagnosis: '',
  treatment: '',
  medicalHistory: '',
  deceased: false,
  deceasedAt: '',
};

const phone = z.string().regex(/^$|^(?=(?:\D*\d){3})[+]?[0-9 ()./x-]{3,40}$/, 'phone');
const required = z.string().trim().min(1, 'required');
const birthDate = z
  .string()
  .refine((day) => day >= '1890-01-01' && day <= localDay(), 'birthDate')
  .nullable();

/** The server's rules again, for an answer without a round trip. Messages are keys of the translation. */
export const patientSchema = z
  .object({
    mrn: z.string().regex(/^$|^[A-Za-z0-9][A-Za-z0-9-]{2,31}$/, 'mrn'),
    name: z.object({
      family: required.max(200, 'tooLong'),
      given: z.string().max(400, 'tooLong'),
      prefix: z.string().max(50, 'tooLong'),
    }),
    birthDate,
    phone,
    email: z.string().regex(/^$|^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'email'),
    emergencyContact: z
      .object({ name: z.string(), relationship: z.string(), phone })
      .refine((contact) => contact.name.trim() || (!contact.relationship && !contact.phone), {
        path: ['name'],
        message: 'required',
      }),
    identifiers: z.array(z.object({ system: required, value: required })),
    allergies: z.array(z.object({ substance: required })),
    problems: z.array(z.object({ text: required })),
    medications: z.array(z.object({ text: required })),
    deceased: z.boolean(),
    deceasedAt: z.string(),
  })
  .refine((patient) => !patient.deceased || toInstant(patient.deceasedAt) !== null, {
    path: ['deceasedAt'],
    message: 'moment',
  })
  .refine((patient) => !patient.deceased || !(Date.parse(patient.deceasedAt) > Date.now()), {
    path: ['deceasedAt'],
    message: 'future',
  });

const orNull = (text: string) => text.trim() || null;

function demographics(values: PatientValues) {
  const { address, emergencyContact } = values;
  const hasAddress = Object.values(address).some((part) => part.trim());
  return {
    name: {
      family: values.name.family.trim(),
      given: values.name.given.split(/\s+/).filter(Boolean),
      prefix: orNull(values.name.prefix),
    },
    birthDate: values.birthDate,
    gender: values.gender,
    phone: orNull(values.phone),
    email: orNull(values.email),
    address: hasAddress
      ? {
          line: address.line
            .split('\n')
            .map((line) => line.trim())
            .filter(Boolean),
          city: orNull(address.city),
          state: orNull(address.state),
          postalCode: orNull(address.postalCode),
          country: orNull(address.country),
        }
      : null,
    emergencyContact: emergencyContact.name.trim()
      ? {
          name: emergencyContact.name.trim(),
          relationship: orNull(emergencyContact.relationship),
          phone: orNull(emergencyContact.phone),
        }
      : null,
    identifiers: values.identifiers,
    deceasedAt: values.deceased ? toInstant(values.deceasedAt) : null,
  };
}

function clinical(values: PatientValues) {
  return {
    allergies: values.allergies.map((one) => ({ ...one, reaction: orNull(one.reaction) })),
    problems: values.problems.map((one) => ({ ...one, code: orNull(one.code), system: orNull(one.system) })),
    medications: values.medications.map((one) => ({ ...one, dose: orNull(one.dose) })),
    diagnosis: orNull(values.diagnosis),
    medicalHistory: orNull(values.medicalHistory),
  };
}

/** Clinical fields go along only when the person may write them: the server refuses the whole otherwise. */
export function toCreateInput(
  values: PatientValues,
  mayWriteClinical: boolean,
  idempotencyKey: string,
): CreatePatientInput {
  return {
    ...(values.mrn.trim() ? { mrn: values.mrn.trim() } : {}),
    ...demographics(values),
    ...(mayWriteClinical ? { ...clinical(values), treatment: orNull(values.treatment) } : {}),
    idempotencyKey,
  };
}

/** What may already be known of the person about to be registered. */
export function toSimilarInput(values: PatientValues): SimilarPatientsInput {
  const { name, birthDate, phone: number, identifiers } = demographics(values);
  return { name, birthDate, phone: number, identifiers };
}

/** Only what differs from what was read: a field nobody touched must not overwrite or fill the log. */
export function toUpdateInput(
  values: PatientValues,
  before: PatientValues,
  mayWriteClinical: boolean,
): Omit<UpdatePatientInput, 'id' | 'expectedVersion'> {
  const pack = (one: PatientValues) => ({
    mrn: one.mrn.trim(),
    ...demographics(one),
    ...(mayWriteClinical ? clinical(one) : {}),
  });
  const old: Record<string, unknown> = pack(before);
  return Object.fromEntries(
    Object.entries(pack(values)).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(old[key])),
  );
}

export function fromPatient(patient: EditPartsFragment): PatientValues {
  const { address, emergencyContact } = patient;
  return {
    mrn: patient.mrn,
    name: { family: patient.name.family, given: patient.name.given.join(' '), prefix: patient.name.prefix ?? '' },
    birthDate: patient.birthDate ?? null,
    gender: patient.gender,
    phone: patient.phone ?? '',
    email: patient.email ?? '',
    address: {
      line: address?.line.join('\n') ?? '',
      city: address?.city ?? '',
      state: address?.state ?? '',
      postalCode: address?.postalCode ?? '',
      country: address?.country ?? '',
    },
    emergencyContact: {
      name: emergencyContact?.name ?? '',
      relationship: emergencyContact?.relationship ?? '',
      phone: emergencyContact?.phone ?? '',
    },
    identifiers: patient.identifiers.map(({ system, value }) => ({ system, value })),
    allergies: patient.allergies.map((one) => ({
      substance: one.substance,
      reaction: one.reaction ?? '',
      severity: one.severity,
    })),
    problems: patient.problems.map((one) => ({
      text: one.text,
      code: one.code ?? '',
      system: one.system ?? '',
      onset: one.onset ?? null,
      status: one.status,
    })),
    medications: patient.medications.map((one) => ({ text: one.text, dose: one.dose ?? '', status: one.status })),
    diagnosis: patient.diagnosis ?? '',
    treatment: '',
    medicalHistory: patient.medicalHistory ?? '',
    deceased: Boolean(patient.deceasedAt),
    deceasedAt: fromInstant(patient.deceasedAt),
  };
}
