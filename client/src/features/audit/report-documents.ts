import { graphql } from '../../gql';

export const AccessReportPage = graphql(`
  query AccessReportPage(
    $patientId: ID!
    $from: DateTime!
    $to: DateTime!
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    accessReport(patientId: $patientId, from: $from, to: $to) {
      madeAt
      rows(first: $first, after: $after, last: $last, before: $before) {
        edges {
          node {
            emergency
            entry {
              index
              at
              actor {
                kind
                id
                role
                name
              }
              action
              target {
                type
              }
              outcome
              fields
              purpose
              reason
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
  }
`);

export const DisclosureReportPage = graphql(`
  query DisclosureReportPage(
    $patientId: ID!
    $from: DateTime
    $to: DateTime
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {
      madeAt
      rows(first: $first, after: $after, last: $last, before: $before) {
        edges {
          node {
            at
            recipient
            recipientAddress
            disclosed
            purpose
            entry {
              index
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
  }
`);

export const AccessReportFile = graphql(`
  query AccessReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {
    accessReport(patientId: $patientId, from: $from, to: $to) {
      csv @include(if: $csv)
      pdf @skip(if: $csv)
    }
  }
`);

export const DisclosureReportFile = graphql(`
  query DisclosureReportFile($patientId: ID!, $from: DateTime!, $to: DateTime!, $csv: Boolean!) {
    accountingOfDisclosures(patientId: $patientId, from: $from, to: $to) {
      csv @include(if: $csv)
      pdf @skip(if: $csv)
    }
  }
`);
