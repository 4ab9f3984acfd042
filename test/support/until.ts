const LOOK_EVERY_MS = 25;
/** Less than a test's own limit, so that what never came is told; much more than any machine needs. */
const PATIENCE_MS = 50_000;

/** Something with a database, one figure of which a statement asks. */
interface Counting {
  count(sql: string): Promise<number>;
}

/** Waits until this holds, whatever the machine is busy with. Throws when it never does. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const giveUp = Date.now() + PATIENCE_MS; !(await holds());) {
    if (Date.now() > giveUp) throw new Error(`it never came to be: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Waits until a statement's figure is this. */
export async function untilFigure(hospital: Counting, sql: string, wanted = 0): Promise<void> {
  await until(async () => (await hospital.count(sql)) === wanted).catch((error: unknown) => {
    throw new Error(`never ${wanted}: ${sql}`, { cause: error });
  });
}

/** Waits until every entry is sealed. */
export function allSealed(hospital: Counting): Promise<void> {
  return untilFigure(hospital, 'SELECT count(*) FROM audit_pending');
}
