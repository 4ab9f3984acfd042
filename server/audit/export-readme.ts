/** What whoever receives an export reads first. */
export function auditorsReadme(origin: string, size: number): string {
  return `# Audit log ${origin}

Every access to a patient's record and every change of it, up to the entry ${size - 1}: who, when, whom, what, why. An entry
holds ids and names of fields, never a value of a record. It is a transparency log: nobody, not even the owner of the
database, can change, remove, insert or reorder an entry without the check below saying so.

## Check it

    node chartseal-verify.mjs .

needs Node 20.19 or later, no network, no installation. It is one file to be read; build it yourself from the sources of
Chartseal (\`npm run build:verifier\`) if you would rather not take the copy that came along. It answers in one line and by its
exit code: 0 OK, 10 TAMPERED at entry N, 11 TRUNCATED, 12 FORKED, 13 STALE (with \`--max-age\`), 14 INCOMPLETE.

Two things no file in here can prove, since whoever made it could have made all of it:

- **That it is the hospital's log.** Get the file \`policy\` from the hospital by another way once, keep it, and give it:
  \`--policy FILE\`.
- **That it is the same log as last time.** Give \`--since FILE\` each time: the verifier keeps in FILE where it ended, and
  says FORKED or TRUNCATED when a later export does not go on from there. Or run a witness (\`chartseal witness\`).

## What lies here

| file                 | is                                                                                       |
| -------------------- | ---------------------------------------------------------------------------------------- |
| \`checkpoint\`         | the newest signed size and root (C2SP tlog-checkpoint), with the time of signing          |
| \`checkpoints\`        | every earlier one                                                                        |
| \`tile/entries/…\`     | the entries: canonical JSON (RFC 8785), each behind its length (C2SP tlog-tiles)          |
| \`tile/0/…\` and above | hashes of the Merkle tree over them (RFC 6962), in tiles of 256                           |
| \`chain\`              | size and last link of the hash chain, SHA-256(02 ‖ previous link ‖ leaf)                  |
| \`policy\`             | the log's public keys, the witnesses, and how many must have signed (C2SP tlog-policy)    |
| \`shard-2\` and after  | the log is closed from time to time and begun anew: the same files for each later part     |
| \`dropped\`            | only when earlier parts were dropped by the hospital: their final checkpoints             |
| \`time-stamps/\`       | checkpoints an authority has stamped (RFC 3161), each \`.checkpoint\` beside its token \`.tst\`  |

Give \`--tsa FILE\` with the authority's certificates, from the authority, to have the stamps checked.

The first entry of each later part names, signed by the log, the final checkpoint of the one before it; the check goes through
all of them. Entries are numbered through.

Tools made for C2SP tlog-tiles read this directory as well.
`;
}
