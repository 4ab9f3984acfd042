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
        mustEnrol
      }
    }
  }
`);

export const SignInProvider = graphql(`
  query SignInProvider {
    signInProvider
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
        mustEnrol
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
        mustEnrol
      }
    }
  }
`);

export const SignOut = graphql(`
  mutation SignOut {
    signOut
  }
`);

export const VerifyTotp = graphql(`
  mutation VerifyTotp($input: VerifyTotpInput!) {
    verifyTotp(input: $input) {
      accessToken
      expiresAt
      me {
        id
        email
        name
        role
        permissions
        mustEnrol
      }
    }
  }
`);

export const PasskeySignIn = graphql(`
  mutation PasskeySignIn {
    passkeySignIn
  }
`);

export const SignInWithPasskey = graphql(`
  mutation SignInWithPasskey($input: PasskeySignInInput!) {
    signInWithPasskey(input: $input) {
      accessToken
      expiresAt
      me {
        id
        email
        name
        role
        permissions
        mustEnrol
      }
    }
  }
`);
