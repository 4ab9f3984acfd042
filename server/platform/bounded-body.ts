/**
 * The body of an answer from somebody else's server, which may go on for ever.
 *
 * @param most bytes
 * @throws Error when it is longer
 */
export async function bodyUpTo({ body }: Response, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > most) throw new Error('the answer is too long');
  }
  return Buffer.concat(chunks);
}
