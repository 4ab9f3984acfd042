/** Stands before and after each note; it cannot occur within one. Before, too: a note cut by a crash spoils only itself. */
const SEPARATOR = '\n---\n';

/** A whole note: text, empty line, signature lines. */
const WHOLE = /^[^\n].*\n\n— .+\n$/s;

/** A note as it is appended to a file of notes. */
export function noteInFile(note: string): string {
  return SEPARATOR + note + SEPARATOR;
}

/** All whole notes of such a file; one cut by a crash is passed over. */
export function notesInFile(text: string): string[] {
  return text.split(SEPARATOR).filter((note) => WHOLE.test(note));
}
