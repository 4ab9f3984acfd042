import { graphql } from '../../gql';

export const ExplainAccess = graphql(`
  query ExplainAccess($patientId: ID!) {
    explainAccess(patientId: $patientId) {
      patientId
      allowed
      mayBreakGlass
      because {
        kind
        since
        until
      }
      grantedBy {
        id
        name
        role
      }
    }
  }
`);

export const BreakGlass = graphql(`
  mutation BreakGlass($input: BreakGlassInput!) {
    breakGlass(input: $input) {
      id
      patientId
      secondsLeft
    }
  }
`);

export const EndBreakGlass = graphql(`
  mutation EndBreakGlass($input: EndBreakGlassInput!) {
    endBreakGlass(input: $input) {
      id
      secondsLeft
    }
  }
`);

export const GrantStripParts = graphql(`
  fragment GrantStripParts on Patient {
    id
    openGrant {
      id
      secondsLeft
    }
  }
`);

export const GrantsWaiting = graphql(`
  query GrantsWaiting {
    waiting: breakGlassGrants(first: 1, filter: { reviewed: false }) {
      totalCount
    }
    open: breakGlassGrants(first: 1, filter: { open: true }) {
      totalCount
    }
  }
`);

export const ReviewQueue = graphql(`
  query ReviewQueue(
    $filter: BreakGlassFilter
    $named: Boolean!
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    breakGlassGrants(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      edges {
        node {
          id
          patientId
          reason
          text
          startedAt
          expiresAt
          endedAt
          secondsLeft
          accesses
          user {
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

export const ReviewBreakGlass = graphql(`
  mutation ReviewBreakGlass($input: ReviewBreakGlassInput!) {
    reviewBreakGlass(input: $input) {
      id
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
`);
