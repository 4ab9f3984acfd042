import 'reflect-metadata';
import { AuditQueue, AuditSubscriber } from '../server/audit';
import { main } from '../server/main';
import { answerBench } from './answer-bench';
import { countOpened } from './opened';

// The product has no switch for this. Entries of writes are not touched by `stubbed`: the database insists on them, and only
// without its triggers can the ledger be `off`.
if (process.env.BENCH_LEDGER) AuditQueue.prototype.record = () => Promise.resolve();
if (process.env.BENCH_LEDGER === 'off') {
  const { prototype } = AuditSubscriber;
  for (const noted of ['afterInsert', 'afterUpdate', 'beforeRemove'] as const) prototype[noted] = () => undefined;
}

if (process.env.BENCH_COUNT === 'opened') countOpened();

answerBench();
void main();
