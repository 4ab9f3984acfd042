/**
 * The longest test files come first, so that all workers end together. What jest itself knows of a first run is the size of
 * files, and the journeys in a browser are short to read. Only the order of this list counts, not that it is complete: it is
 * that of the last measurement, from two minutes to twenty seconds.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const LONGEST = [
  'e2e/pages',
  'e2e/dialogs-and-keyboard',
  'e2e/keys',
  'api/keys-commands',
  'security/hsm',
  'security/random-documents',
  'e2e/roles',
  'api/custody-move',
  'api/roles',
  'api/erasure-backups',
  'e2e/erasure',
  'api/search-recall',
  'e2e/search',
  'e2e/safety',
  'e2e/break-glass',
  'api/connections',
  'security/search-leakage',
  'security/key-killed',
  'security/fuzz-operations',
  'security/ledger-witness',
  'api/custody-escrow',
  'api/search-reindex',
  'api/custody-start',
  'api/start-commands',
  'e2e/journey',
  'api/demographics',
];

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one.path) - rank(other.path));
  }
};

function rank(path) {
  const place = LONGEST.findIndex((name) => path.replaceAll('\\', '/').endsWith(`test/${name}.test.ts`));
  return place === -1 ? LONGEST.length : place;
}
