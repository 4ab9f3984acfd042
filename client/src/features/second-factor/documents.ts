import { graphql } from '../../gql';

export const MySecondFactor = graphql(`
  query MySecondFactor {
    me {
      id
      secondFactor {
        totp
        recoveryCodesLeft
        required
        passkeys {
          id
          name
          createdAt
          lastUsedAt
        }
      }
    }
  }
`);

export const EnrolTotp = graphql(`
  mutation EnrolTotp($input: EnrolTotpInput!) {
    enrolTotp(input: $input) {
      secret
      uri
    }
  }
`);

export const ConfirmTotp = graphql(`
  mutation ConfirmTotp($input: ConfirmTotpInput!) {
    confirmTotp(input: $input) {
      recoveryCodes
    }
  }
`);

export const RemoveTotp = graphql(`
  mutation RemoveTotp {
    removeTotp
  }
`);

export const RenewRecoveryCodes = graphql(`
  mutation RenewRecoveryCodes {
    renewRecoveryCodes {
      recoveryCodes
    }
  }
`);

export const BeginPasskey = graphql(`
  mutation BeginPasskey {
    beginPasskey
  }
`);

export const RegisterPasskey = graphql(`
  mutation RegisterPasskey($input: RegisterPasskeyInput!) {
    registerPasskey(input: $input) {
      recoveryCodes
      passkey {
        id
      }
    }
  }
`);

export const RenamePasskey = graphql(`
  mutation RenamePasskey($input: RenamePasskeyInput!) {
    renamePasskey(input: $input) {
      id
      name
    }
  }
`);

export const RemovePasskey = graphql(`
  mutation RemovePasskey($input: RemovePasskeyInput!) {
    removePasskey(input: $input)
  }
`);
