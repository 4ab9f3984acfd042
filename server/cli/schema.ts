import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { getMetadataStorage } from 'type-graphql';
import { compareContracts, readBreaks } from '../graphql/contract';
import { buildChartsealSchema, printContract } from '../graphql/schema';
import { ExitError } from '../platform/exit';
import '../registry';
import { group } from './group';
import { tell } from './with-runtime';

/** The committed contract lies beside package.json, where npm runs its scripts. */
const CONTRACT = 'schema.graphql';
/** What clients of the last release were promised, and the breaks of it that are meant. */
const RELEASED = 'docs/contract/released.graphql';
const BREAKS = 'docs/contract/breaks.json';

export function register(program: Command): void {
  group(program, 'schema', 'The GraphQL contract')
    .command('print')
    .description('Print the GraphQL schema as the code emits it; needs no database')
    .option(
      '--check',
      `compare it with ${CONTRACT} and with the last release instead (exit code 1 when it breaks either)`,
    )
    .action(async ({ check = false }: { check?: boolean }) => {
      const emitted = contract();
      if (!check) {
        process.stdout.write(emitted);
        return;
      }
      await demandCommitted(emitted);
      await demandKept(emitted);
      tell(`${CONTRACT} is up to date and breaks no client of the last release.`);
    });
}

/** Throws ExitError when the committed contract is not what the code emits. */
async function demandCommitted(emitted: string): Promise<void> {
  const committed = await read(CONTRACT).catch(() => '');
  if (committed === emitted) return;
  const line = firstDifference(committed, emitted);
  throw new ExitError(
    `${CONTRACT} is stale from line ${line}; renew it: npm run -s chartseal -- schema print > ${CONTRACT}`,
  );
}

/** Throws ExitError for breaks of the released contract without a reason, and for reasons without a break. */
async function demandKept(emitted: string): Promise<void> {
  const { undeclared, stale } = compareContracts(await read(RELEASED), emitted, readBreaks(await read(BREAKS)));
  if (undeclared.length > 0) {
    const changes = undeclared.map((change) => `  ${change}`).join('\n');
    throw new ExitError(
      `This breaks clients of the last release:\n${changes}\nDeprecate instead, or give the reason in ${BREAKS}.`,
    );
  }
  if (stale.length > 0) throw new ExitError(`${BREAKS} names what is no break: ${stale.join(' ')}`);
}

const read = (file: string) => readFile(join(process.cwd(), file), 'utf8');

/** The registry imports every resolver class; for printing, instances without anything behind them will do. */
function contract(): string {
  const resolvers = getMetadataStorage().resolverClasses.map(({ target }) => Object.create(target.prototype) as object);
  return printContract(buildChartsealSchema(resolvers));
}

function firstDifference(one: string, other: string): number {
  const lines = other.split('\n');
  const index = one.split('\n').findIndex((line, at) => line !== lines[at]);
  return index < 0 ? one.split('\n').length : index + 1;
}
