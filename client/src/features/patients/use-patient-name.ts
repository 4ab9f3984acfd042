import { useFragment } from '@apollo/client/react';
import type { FragmentType } from '@apollo/client';
import type { PatientBannerPartsFragment } from '../../gql/graphql';
import { patientName } from '../../ui/format';
import { PatientBannerParts } from './fragments';

interface Identity {
  name: string;
  mrn: string;
  birthDate: string | null;
}

/** Whom a dialog is about: what tells this patient from others. */
export function usePatientIdentity(patient: FragmentType<PatientBannerPartsFragment>): Identity {
  const { data, complete } = useFragment({ fragment: PatientBannerParts, from: patient });
  if (!complete) return { name: '', mrn: '', birthDate: null };
  return { name: patientName(data.name), mrn: data.mrn, birthDate: data.birthDate };
}

/** The patient's name for the titles of dialogs and forms. */
export function usePatientName(patient: FragmentType<PatientBannerPartsFragment>): string {
  return usePatientIdentity(patient).name;
}
