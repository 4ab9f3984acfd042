import { useFragment } from '@apollo/client/react';
import type { FragmentType } from '@apollo/client';
import type { PatientBannerPartsFragment } from '../../gql/graphql';
import { patientName } from '../../ui/format';
import { PatientBannerParts } from './fragments';

/** The patient's name for the titles of dialogs and forms. */
export function usePatientName(patient: FragmentType<PatientBannerPartsFragment>): string {
  const { data, complete } = useFragment({ fragment: PatientBannerParts, from: patient });
  return complete ? patientName(data.name) : '';
}
