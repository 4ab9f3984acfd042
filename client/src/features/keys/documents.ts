import { graphql } from '../../gql';

export const KeyJobParts = graphql(`
  fragment KeyJobParts on KeyJob {
    id
    kind
    state
    done
    total
    startedAt
    finishedAt
  }
`);

/** Everything but the list of keys: cheap enough to be asked for again and again while a job runs. */
export const KeyringState = graphql(`
  query KeyringState {
    keyring {
      custody
      countedAt
      epochs {
        epoch
        createdAt
        current
        dataKeys
      }
      columns {
        table
        column
        meaning
        envelopes
        withoutKey
        underRetiredKeys
      }
      dataKeys {
        inUse
        retired
        due
        oldest
      }
      generations {
        version
        state
        createdAt
        patients
      }
      job {
        ...KeyJobParts @unmask
      }
    }
  }
`);

export const KeysDue = graphql(`
  query KeysDue($first: Int, $after: String) {
    keyring {
      keys(first: $first, after: $after, due: true) {
        edges {
          node {
            id
            owner
            purpose
            epoch
            createdAt
            envelopes
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

export const RotateKeys = graphql(`
  mutation RotateKeys {
    rotateKeys {
      ...KeyJobParts @unmask
    }
  }
`);

export const ResealRecords = graphql(`
  mutation ResealRecords($input: ResealInput!) {
    resealRecords(input: $input) {
      ...KeyJobParts @unmask
    }
  }
`);

export const RotateIndexKey = graphql(`
  mutation RotateIndexKey {
    rotateIndexKey {
      ...KeyJobParts @unmask
    }
  }
`);
