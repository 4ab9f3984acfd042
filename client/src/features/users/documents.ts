import { graphql } from '../../gql';

export const UserParts = graphql(`
  fragment UserParts on User {
    id
    email
    name
    role
    active
    lastSignInAt
    createdAt
    version
  }
`);

export const UsersList = graphql(`
  query UsersList($filter: UserFilter, $first: Int, $after: String, $last: Int, $before: String) {
    users(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      edges {
        node {
          ...UserParts @unmask
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

export const HomeAddressOf = graphql(`
  query HomeAddressOf($id: ID!) {
    node(id: $id) {
      id
      ... on User {
        address {
          line
          postalCode
          city
        }
      }
    }
  }
`);

export const InviteUser = graphql(`
  mutation InviteUser($input: CreateUserInput!) {
    createUser(input: $input) {
      setupUrl
      expiresAt
      user {
        ...UserParts @unmask
      }
    }
  }
`);

export const ChangeUser = graphql(`
  mutation ChangeUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      ...UserParts
    }
  }
`);

export const DeactivateUser = graphql(`
  mutation DeactivateUser($input: DeactivateUserInput!) {
    deactivateUser(input: $input) {
      ...UserParts
    }
  }
`);

export const ReactivateUser = graphql(`
  mutation ReactivateUser($input: ReactivateUserInput!) {
    reactivateUser(input: $input) {
      ...UserParts
    }
  }
`);

export const ResetSecondFactor = graphql(`
  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {
    resetSecondFactor(input: $input) {
      id
    }
  }
`);

export const ResetPassword = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      setupUrl
      expiresAt
      user {
        ...UserParts @unmask
      }
    }
  }
`);

export const RemovePassword = graphql(`
  mutation RemovePassword($input: RemovePasswordInput!) {
    removePassword(input: $input) {
      ...UserParts
    }
  }
`);
