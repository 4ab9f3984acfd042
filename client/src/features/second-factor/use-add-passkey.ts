import { useMutation } from '@apollo/client/react';
import { makePasskey } from '../../session/passkeys';
import { BeginPasskey, RegisterPasskey } from './documents';

/** Makes a passkey in the browser and hands it to the server; answers recovery codes if there were none. */
export function useAddPasskey(): (name: string) => Promise<readonly string[] | null> {
  const [begin] = useMutation(BeginPasskey, { fetchPolicy: 'no-cache' });
  const [register] = useMutation(RegisterPasskey, { fetchPolicy: 'no-cache' });
  return async (name) => {
    const options = (await begin()).data?.beginPasskey ?? '{}';
    const response = await makePasskey(options);
    const { data } = await register({ variables: { input: { name, response } } });
    return data?.registerPasskey.recoveryCodes ?? null;
  };
}
