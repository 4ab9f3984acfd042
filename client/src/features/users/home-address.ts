import type { AddressInput } from '../../gql/graphql';

/** A home address as the fields hold it. */
export interface HomeAddress {
  line: string;
  postalCode: string;
  city: string;
}

export const noAddress: HomeAddress = { line: '', postalCode: '', city: '' };

/** As the fields hold what the server has. */
export function fieldsOf(
  address: { line: string[]; postalCode?: string | null; city?: string | null } | null | undefined,
): HomeAddress {
  return { line: address?.line.join('\n') ?? '', postalCode: address?.postalCode ?? '', city: address?.city ?? '' };
}

/** As the server takes it; null when every field is empty. */
export function addressOf({ line, postalCode, city }: HomeAddress): AddressInput | null {
  if (![line, postalCode, city].some((part) => part.trim())) return null;
  const lines = line.split('\n').flatMap((one) => one.trim() || []);
  return { line: lines, postalCode: postalCode.trim() || null, city: city.trim() || null };
}
