import { graphql } from '../gql';

export const SignIn = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      accessToken
      expiresAt
      me {
        id
        email
        name
        role
        permissions
      }
    }
  }
`);

export const RefreshSession = graphql(`
  mutation RefreshSession {
    refreshSession {
      accessToken
      expiresAt
      me {
        id
        email
        name
        role
        permissions
      }
    }
  }
`);

export const AcceptInvite = graphql(`
  mutation AcceptInvite($input: AcceptInviteInput!) {
    acceptInvite(input: $input) {
      accessToken
      expiresAt
      me {
        id
        email
        name
        role
        permissions
      }
    }
  }
`);

export const SignOut = graphql(`
  mutation SignOut {
    signOut
  }
`);
