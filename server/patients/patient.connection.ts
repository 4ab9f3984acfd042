import { connectionTypes } from '../graphql/pagination';
import { Patient } from './patient.entity';

export const { ConnectionType: PatientConnection, EdgeType: PatientEdge } = connectionTypes(
  Patient,
  'Patient',
  'patients',
);
