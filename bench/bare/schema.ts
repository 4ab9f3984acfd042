/** The part of the contract that the bench asks, under the same names. */
export const typeDefs = `
  scalar DateTime
  scalar LocalDate

  type HumanName { family: String! given: [String!]! prefix: String }
  type Address { line: [String!]! city: String state: String postalCode: String country: String }
  type EmergencyContact { name: String! relationship: String phone: String }
  type PageInfo { hasNextPage: Boolean! endCursor: String }

  type Patient {
    id: ID!
    mrn: String!
    name: HumanName!
    birthDate: LocalDate
    gender: String!
    phone: String
    email: String
    address: Address
    emergencyContact: EmergencyContact
    diagnosis: String
    medicalHistory: String
    version: Int!
    createdAt: DateTime!
    updatedAt: DateTime!
    visits(first: Int): VisitConnection!
  }
  type PatientEdge { cursor: String! node: Patient! }
  type PatientConnection { edges: [PatientEdge!]! pageInfo: PageInfo! }

  type Vitals {
    temperature: Float
    heartRate: Int
    respiratoryRate: Int
    systolic: Int
    diastolic: Int
    oxygenSaturation: Float
    weight: Float
    height: Float
    painScore: Int
  }
  type Visit {
    id: ID!
    type: String!
    status: String!
    startedAt: DateTime!
    endedAt: DateTime
    reason: String
    notes: String
    diagnosis: String
    vitals: Vitals
  }
  type VisitEdge { cursor: String! node: Visit! }
  type VisitConnection { edges: [VisitEdge!]! pageInfo: PageInfo! }

  input HumanNameInput { family: String! given: [String!]! prefix: String }
  input AddressInput { line: [String!]! city: String state: String postalCode: String country: String }
  input EmergencyContactInput { name: String! relationship: String phone: String }
  input CreatePatientInput {
    name: HumanNameInput!
    birthDate: LocalDate
    gender: String!
    phone: String
    email: String
    address: AddressInput
    emergencyContact: EmergencyContactInput
    diagnosis: String
    medicalHistory: String
  }
  input UpdatePatientInput { id: ID! expectedVersion: Int! phone: String email: String diagnosis: String }

  type Query {
    patient(id: ID!): Patient
    patients(first: Int, after: String, search: String): PatientConnection!
  }
  type Mutation {
    createPatient(input: CreatePatientInput!): Patient!
    updatePatient(input: UpdatePatientInput!): Patient!
  }
`;
