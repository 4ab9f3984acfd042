import { graphql } from '../../gql';

export const PatientBannerParts = graphql(`
  fragment PatientBannerParts on Patient {
    id
    mrn
    name {
      family
      given
      prefix
    }
    birthDate
    age
    gender
    allergies {
      substance
      reaction
      severity
    }
    deceasedAt
    confidential
    deletedAt
  }
`);

export const PatientRowParts = graphql(`
  fragment PatientRowParts on Patient {
    id
    mrn
    name {
      family
      given
    }
    birthDate
    age
    gender
    deceasedAt
    confidential
    deletedAt
  }
`);

export const ClinicalParts = graphql(`
  fragment ClinicalParts on Patient {
    id
    diagnosis
    treatment
    medicalHistory
    allergies {
      substance
      reaction
      severity
    }
    problems {
      text
      code
      onset
      status
    }
    medications {
      text
      dose
      status
    }
  }
`);

export const DetailsParts = graphql(`
  fragment DetailsParts on Patient {
    id
    mrn
    name {
      family
      given
      prefix
    }
    birthDate
    gender
    phone
    email
    address {
      line
      city
      state
      postalCode
      country
    }
    emergencyContact {
      name
      relationship
      phone
    }
    identifiers {
      system
      value
    }
    deceasedAt
    createdAt
    updatedAt
    version
  }
`);

export const CareTeamParts = graphql(`
  fragment CareTeamParts on Patient {
    id
    careTeam {
      id
      careRole
      since
      until
      user {
        id
        name
        role
      }
    }
  }
`);

/** Everything a patient form edits. */
export const EditParts = graphql(`
  fragment EditParts on Patient {
    id
    version
    mrn
    name {
      family
      given
      prefix
    }
    birthDate
    gender
    phone
    email
    address {
      line
      city
      state
      postalCode
      country
    }
    emergencyContact {
      name
      relationship
      phone
    }
    identifiers {
      system
      value
    }
    allergies {
      substance
      reaction
      severity
    }
    problems {
      code
      system
      text
      onset
      status
    }
    medications {
      text
      dose
      status
    }
    diagnosis
    medicalHistory
    deceasedAt
  }
`);

/** The record page's own query: one request, and so one entry in the log, for banner, summary and details. */
export const PatientRecord = graphql(`
  query PatientRecord($id: ID!) {
    patient(id: $id) {
      id
      version
      birthDate
      confidential
      deletedAt
      ...PatientBannerParts
      ...GrantStripParts
      ...ClinicalParts
      ...DetailsParts
      ...CareTeamParts
      ...RecentParts
      ...MergeParts
    }
  }
`);

/** As many as the next fragment asks for; there may be more. */
export const LATEST_VISITS = 5;

export const RecentParts = graphql(`
  fragment RecentParts on Patient {
    id
    visits(first: 5) {
      edges {
        node {
          id
          type
          status
          startedAt
          reason
          diagnosis
          attending {
            id
            name
          }
          vitals {
            ...VitalsParts @unmask
          }
        }
      }
    }
    treatmentUpdates(first: 3) {
      edges {
        node {
          id
          text
          status
          at
          author {
            id
            name
            role
          }
        }
      }
    }
  }
`);
