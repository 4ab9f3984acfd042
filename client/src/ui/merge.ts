/** Three-way merge of a form: what this person changed stays, what they left alone becomes what the other saved. */
export function merge<Values extends Record<string, unknown>>(mine: Values, base: Values, theirs: Values): Values {
  const changed = Object.entries(mine).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(base[key]));
  return { ...theirs, ...Object.fromEntries(changed) };
}
