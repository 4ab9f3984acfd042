/** Words of this house that a list of leaked passwords cannot know. */
const OWN_WORDS = ['chartseal', 'hospital', 'changeme', 'letmein1', 'welcome1'];

/** The longest entry; what is longer need not be looked up. A test compares it with the list. */
export const LONGEST_COMMON = 20;

let common: ReadonlySet<string> | null = null;

/**
 * True for one of the commonest passwords, given in lower case. The list (zxcvbn-ts, MIT licence: 49,000 counted from leaks,
 * 18,000 of them long enough to be set here) is unpacked when first asked, since most processes never ask.
 */
export async function isCommonPassword(folded: string): Promise<boolean> {
  if (folded.length > LONGEST_COMMON) return false;
  if (!common) {
    const { dictionary } = await import('@zxcvbn-ts/language-common');
    common = new Set([...dictionary['passwords-common'], ...OWN_WORDS]);
  }
  return common.has(folded);
}
