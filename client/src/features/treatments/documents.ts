import { graphql } from '../../gql';

export const PatientTreatments = graphql(`
  query PatientTreatments($patientId: ID!, $first: Int!, $after: String) {
    treatmentUpdates(patientId: $patientId, first: $first, after: $after) {
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
          visit {
            id
            startedAt
            type
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const TreatmentWorklist = graphql(`
  query TreatmentWorklist($first: Int, $after: String, $last: Int, $before: String) {
    patients(filter: { mine: true, deceased: false }, first: $first, after: $after, last: $last, before: $before) {
      edges {
        node {
          id
          mrn
          name {
            family
            given
          }
          birthDate
          confidential
          treatment
          treatmentUpdates(first: 1) {
            edges {
              node {
                id
                status
                at
                author {
                  id
                  name
                }
              }
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

export const UpdateTreatment = graphql(`
  mutation UpdateTreatment($input: RecordTreatmentInput!) {
    recordTreatment(input: $input) {
      id
      patient {
        id
        treatment
      }
    }
  }
`);
