import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import { QueryFailedError, type EntityManager } from 'typeorm';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner';

/** A statement whose plan each connection keeps under this name. The number of names must be bounded. */
export interface Statement {
  /** Absent: planned each time. */
  name?: string;
  text: string;
  /** Rows as arrays rather than objects. */
  rowMode?: 'array';
}

/** PostgreSQL's word for every statement after the one that failed. */
const IN_FAILED_TRANSACTION = '25P02';

/**
 * TypeORM's runner, but a transaction waits for PostgreSQL only where it needs an answer: its beginning travels with the first
 * statement, its commit with the last, and so does whatever is handed to `send` in one turn of the event loop.
 *
 * Nothing is less certain for it. PostgreSQL works statements off in order, refuses all that follow a failed one, and answers
 * the COMMIT of a failed transaction by saying that it was rolled back; then the commit throws what failed first.
 */
export class TransactionRunner extends PostgresQueryRunner {
  private readonly answers: Promise<QueryResult>[] = [];
  private firstFailure: unknown = null;
  private gathering = false;

  override async startTransaction(...isolation: Parameters<PostgresQueryRunner['startTransaction']>): Promise<void> {
    if (isolation[0] || this.isTransactionActive) return super.startTransaction(...isolation);
    this.isTransactionActive = true;
    await this.broadcaster.broadcast('BeforeTransactionStart');
    await this.connect();
    void this.send({ text: 'START TRANSACTION' });
    this.transactionDepth += 1;
    await this.broadcaster.broadcast('AfterTransactionStart');
  }

  /** Throws QueryFailedError of the first statement that failed, also when nobody waited for it. */
  override async commitTransaction(): Promise<void> {
    if (this.transactionDepth !== 1) return super.commitTransaction();
    await this.broadcaster.broadcast('BeforeTransactionCommit');
    const committed = this.send({ text: 'COMMIT' });
    await Promise.all(this.answers.splice(0));
    if ((await committed).command !== 'COMMIT') throw new Error('PostgreSQL rolled back what was to be committed.');
    this.isTransactionActive = false;
    this.transactionDepth -= 1;
    await this.broadcaster.broadcast('AfterTransactionCommit');
  }

  /** Puts a statement on its way, behind those sent before. */
  send<R extends QueryResultRow>(statement: Statement, values?: unknown[]): Promise<QueryResult<R>> {
    const connection = this.databaseConnection as PoolClient;
    this.gather(connection);
    const answer = connection.query<R>({ ...statement, values }).catch((error: unknown) => {
      const failure = new QueryFailedError(
        statement.text,
        [],
        error instanceof Error ? error : new Error('The query failed.'),
      );
      this.firstFailure ??= failure;
      throw failure;
    });
    answer.catch(() => undefined); // whoever does not wait for it hears of it at the commit
    this.answers.push(answer);
    return answer;
  }

  /**
   * What is sent in one turn of the event loop goes out in one packet: waking PostgreSQL for each is most of what a small
   * statement costs here.
   */
  private gather({ connection: { stream } }: PoolClient): void {
    if (this.gathering) return;
    this.gathering = true;
    stream.cork();
    process.nextTick(() => {
      this.gathering = false;
      stream.uncork();
    });
  }

  /** What failed first, when this error only says that something had; otherwise the error itself. */
  causeOf(error: unknown): unknown {
    const late = error instanceof QueryFailedError && (error.driverError as { code?: string }).code === IN_FAILED_TRANSACTION; // prettier-ignore
    return late ? (this.firstFailure ?? error) : error;
  }
}

/** The runner of a transaction of this application's DataSource. */
export function runnerOf({ queryRunner }: EntityManager): TransactionRunner {
  if (queryRunner instanceof TransactionRunner && queryRunner.isTransactionActive) return queryRunner;
  throw new Error('This is done within a transaction.');
}

/**
 * Sends a statement in a transaction without a wait of its own. Whoever needs the rows awaits the answer; to everybody else
 * a failure is told by the commit, which does not happen then.
 *
 * @throws QueryFailedError as TypeORM does
 */
export function send<R extends QueryResultRow>(
  manager: EntityManager,
  statement: Statement,
  values: unknown[],
): Promise<QueryResult<R>> {
  return runnerOf(manager).send<R>(statement, values);
}
