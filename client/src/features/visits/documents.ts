import { graphql } from '../../gql';

export const VitalsParts = graphql(`
  fragment VitalsParts on Vitals {
    temperature
    heartRate
    respiratoryRate
    systolic
    diastolic
    oxygenSaturation
    weight
    height
    painScore
  }
`);

export const VisitParts = graphql(`
  fragment VisitParts on Visit {
    id
    version
    type
    status
    startedAt
    endedAt
    reason
    notes
    diagnosis
    attending {
      id
      name
      role
    }
    vitals {
      ...VitalsParts @unmask
    }
  }
`);

export const PatientVisits = graphql(`
  query PatientVisits($patientId: ID!, $first: Int!, $after: String) {
    visits(patientId: $patientId, first: $first, after: $after) {
      edges {
        node {
          ...VisitParts @unmask
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const OneVisit = graphql(`
  query OneVisit($id: ID!) {
    visit(id: $id) {
      ...VisitParts @unmask
    }
  }
`);

export const VisitHistory = graphql(`
  query VisitHistory($id: ID!) {
    visit(id: $id) {
      id
      amendments {
        id
        at
        reason
        author {
          id
          name
        }
        before {
          type
          status
          startedAt
          endedAt
          reason
          notes
          diagnosis
          writtenAt
          writtenBy {
            id
            name
          }
          attending {
            id
            name
            role
          }
          vitals {
            ...VitalsParts @unmask
          }
        }
      }
    }
  }
`);

export const StaffForVisit = graphql(`
  query StaffForVisit {
    staff {
      id
      name
      role
    }
  }
`);

export const WriteVisit = graphql(`
  mutation WriteVisit($input: CreateVisitInput!) {
    createVisit(input: $input) {
      id
      ...VisitParts
    }
  }
`);

export const ChangeVisit = graphql(`
  mutation ChangeVisit($input: UpdateVisitInput!) {
    updateVisit(input: $input) {
      ...VisitParts
    }
  }
`);

export const ChangeClosedVisit = graphql(`
  mutation ChangeClosedVisit($input: AmendVisitInput!) {
    amendVisit(input: $input) {
      ...VisitParts
    }
  }
`);

export const AddVitals = graphql(`
  mutation AddVitals($input: RecordVitalsInput!) {
    recordVitals(input: $input) {
      ...VisitParts
    }
  }
`);

export const RemoveVisit = graphql(`
  mutation RemoveVisit($input: DeleteVisitInput!) {
    deleteVisit(input: $input) {
      id
    }
  }
`);
