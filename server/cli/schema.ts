import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { getMetadataStorage } from 'type-graphql';
import { buildChartsealSchema, printContract } from '../graphql/schema';
import { ExitError } from '../platform/exit';
import '../registry';
import { group } from './group';
import { tell } from './with-runtime';

/** The committed contract lies beside package.json, where npm runs its scripts. */
const CONTRACT = 'schema.graphql';

export function register(program: Command): void {
  group(program, 'schema', 'The GraphQL contract')
    .command('print')
    .description('Print the GraphQL schema as the code emits it; needs no database')
    .option('--check', `compare it with ${CONTRACT} instead (exit code 1 when that is stale)`)
    .action(async ({ check = false }: { check?: boolean }) => {
      const emitted = contract();
      if (!check) {
        process.stdout.write(emitted);
        return;
      }
      const committed = await readFile(join(process.cwd(), CONTRACT), 'utf8').catch(() => '');
      if (committed === emitted) return tell(`${CONTRACT} is up to date.`);
      const line = firstDifference(committed, emitted);
      throw new ExitError(
        `${CONTRACT} is stale from line ${line}; renew it: npm run -s chartseal -- schema print > ${CONTRACT}`,
      );
    });
}

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
