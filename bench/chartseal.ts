import 'reflect-metadata';
import { AuditQueue } from '../server/audit';
import { main } from '../server/main';
import { answerBench } from './answer-bench';
import { countOpened } from './opened';

// The product has no switch for this. Entries of writes are not touched: the database insists on them.
if (process.env.BENCH_LEDGER === 'stubbed') AuditQueue.prototype.record = () => Promise.resolve();

if (process.env.BENCH_COUNT === 'opened') countOpened();

answerBench();
void main();
