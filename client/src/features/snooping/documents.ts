import { graphql } from '../../gql';

export const FindingsWaiting = graphql(`
  query FindingsWaiting {
    waiting: snoopingFindings(first: 1, filter: { status: OPEN }) {
      totalCount
    }
  }
`);

export const FindingQueue = graphql(`
  query FindingQueue(
    $filter: SnoopingFilter
    $named: Boolean!
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    snoopingFindings(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      edges {
        node {
          id
          rule
          severity
          status
          day
          firstAt
          lastAt
          count
          entries
          version
          patientId
          person {
            id
            name
            role
          }
          patient @include(if: $named) {
            id
            mrn
            name {
              family
              given
            }
            confidential
          }
          review {
            verdict
            at
            note
            by {
              id
              name
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

export const ReviewSnooping = graphql(`
  mutation ReviewSnooping($input: ReviewSnoopingInput!) {
    reviewSnooping(input: $input) {
      id
      status
      version
    }
  }
`);
