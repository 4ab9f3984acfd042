import { graphql } from '../../gql';

export const ApiClientParts = graphql(`
  fragment ApiClientParts on ApiClient {
    id
    version
    name
    scopes
    listedPatients
    requestsPerMinute
    costPerMinute
    createdAt
    revokedAt
    lastUsedAt
    credentials {
      id
      kind
      hint
      createdAt
      revokedAt
      lastUsedAt
    }
  }
`);

export const ApiClientsList = graphql(`
  query ApiClientsList($first: Int, $after: String, $last: Int, $before: String) {
    apiClients(first: $first, after: $after, last: $last, before: $before) {
      edges {
        node {
          ...ApiClientParts @unmask
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

export const ApiScopes = graphql(`
  query ApiScopes {
    apiScopes {
      name
      groups
    }
  }
`);

export const CreateApiClient = graphql(`
  mutation CreateApiClient($input: CreateApiClientInput!) {
    createApiClient(input: $input) {
      secret
      client {
        ...ApiClientParts @unmask
      }
    }
  }
`);

export const ChangeApiClient = graphql(`
  mutation ChangeApiClient($input: UpdateApiClientInput!) {
    updateApiClient(input: $input) {
      ...ApiClientParts @unmask
    }
  }
`);

export const RotateApiClientSecret = graphql(`
  mutation RotateApiClientSecret($input: RotateApiClientSecretInput!) {
    rotateApiClientSecret(input: $input) {
      secret
      client {
        ...ApiClientParts @unmask
      }
    }
  }
`);

export const RevokeApiClient = graphql(`
  mutation RevokeApiClient($input: RevokeApiClientInput!) {
    revokeApiClient(input: $input) {
      ...ApiClientParts @unmask
    }
  }
`);
