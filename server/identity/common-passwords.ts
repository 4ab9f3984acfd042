/** Words of this house, as docs/operations/sign-in.md lists them: a list of leaked passwords cannot know them all. */
export const OWN_WORDS: ReadonlySet<string> = new Set([
  'chartseal',
  'hospital',
  'clinic',
  'patient',
  'doctor',
  'nurse',
  'clinician',
  'admin',
  'administrator',
  'auditor',
  'integration',
  'changeme',
  'letmein',
  'welcome',
]);

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
    common = new Set(dictionary['passwords-common']);
  }
  return common.has(folded);
}

/** True when a password in lower case is one of our words, with figures and signs about it or not, such as `chartseal-2026!`. */
export function isOwnWord(folded: string): boolean {
  return OWN_WORDS.has(folded.replace(/\P{L}/gu, ''));
}
