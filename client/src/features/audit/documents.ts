import { graphql } from '../../gql';

export const LogStatusParts = graphql(`
  fragment LogStatusParts on AuditLogStatus {
    size
    root
    checkpoint
    checkpointAt
    cosignedSize
    cosignedAt
    timeStampedSize
    timeStampedAt
    pending
    verifiedTo
    verifiedAt
    state
    brokenAt
    finding
  }
`);

export const LogStatus = graphql(`
  query LogStatus {
    auditLog {
      ...LogStatusParts @unmask
    }
  }
`);

export const LogAlarmParts = graphql(`
  fragment LogAlarmParts on LogAlarm {
    id
    kind
    finding
    entryIndex
    requestId
    raisedAt
    endedAt
    acknowledgedAt
    acknowledgedBy {
      id
      name
    }
    note
  }
`);

/** Asked for again and again, on every page: only what nobody has acknowledged. */
export const LogAlarms = graphql(`
  query LogAlarms {
    logAlarms {
      ...LogAlarmParts @unmask
    }
  }
`);

export const AlarmHistory = graphql(`
  query AlarmHistory {
    auditLog {
      alarms {
        ...LogAlarmParts @unmask
      }
    }
  }
`);

export const AcknowledgeLogAlarm = graphql(`
  mutation AcknowledgeLogAlarm($input: AcknowledgeLogAlarmInput!) {
    acknowledgeLogAlarm(input: $input) {
      ...LogAlarmParts @unmask
    }
  }
`);

export const VerifyLog = graphql(`
  mutation VerifyLog {
    verifyAuditLog {
      ...LogStatusParts @unmask
    }
  }
`);

export const AuditLogPage = graphql(`
  query AuditLogPage(
    $filter: AuditFilter
    $orderBy: AuditOrder
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    auditEntries(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      edges {
        node {
          index
          at
          actor {
            kind
            id
            role
            name
          }
          action
          outcome
          operation
          patients
          target {
            type
            id
          }
          fields
          purpose
          reason
          requestId
          ip
          canonical
          leafHash
          chainHash
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

export const EntryProof = graphql(`
  query EntryProof($index: Int!) {
    auditProof(index: $index) {
      index
      leafIndex
      leafHash
      size
      root
      path
      checkpoint
    }
  }
`);
