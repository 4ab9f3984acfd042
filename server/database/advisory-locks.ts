/**
 * Numbers of PostgreSQL's advisory locks, all of them: two tasks with one number would wait for each other. Those of servers that
 * run side by side during an upgrade must agree, so a number is never given to another task.
 */
export const advisoryLocks = {
  /** Makes the first keys of a database. */
  firstKeys: 7_240_002,
  /** Seals the log. */
  sealing: 7_240_003,
  /** Does a rotation or re-sealing. */
  keyJob: 7_240_004,
  /** Does the keeper's round. */
  keeping: 7_240_005,
  /** Builds a search generation. */
  indexing: 7_240_006,
  /** Judges the log by the snooping rules. */
  judging: 7_240_008,
  /** Asks the time-stamping authority. */
  timeStamping: 7_240_014,
  /** Makes the first search generation of a database. */
  firstGeneration: 7_240_015,
  /** Held, shared, by whoever uses an embedded PostgreSQL; who gets it alone is the last one. */
  embeddedInUse: 0x43534c31,
  /** Brings the tables up to date. */
  migrating: 0x43534d31,
} as const;
