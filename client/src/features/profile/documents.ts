import { graphql } from '../../gql';

export const MySessions = graphql(`
  query MySessions {
    me {
      id
      sessions {
        id
        createdAt
        lastUsedAt
        expiresAt
        device
        current
      }
    }
  }
`);

export const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input)
  }
`);

export const EndOtherSessions = graphql(`
  mutation EndOtherSessions {
    endOtherSessions
  }
`);

export const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input)
  }
`);
