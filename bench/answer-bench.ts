import { Session, type Profiler } from 'node:inspector/promises';
import { takeOpened } from './opened';

/** What the bench asks a server it has started, over the channel between parent and child. */
export type Question = 'usage' | 'profile' | 'profiled' | 'opened';
export type Answer = Usage | { profile: Profiler.Profile } | { profiling: true } | { opened: number };

export interface Usage {
  /** Resident memory, in bytes. */
  rss: number;
  /** Processor time since the start, all threads, in microseconds. */
  cpu: number;
}

/** Microseconds between two looks of the profiler. */
const INTERVAL_US = 500;

/** Lets a server tell the bench its memory and where its time goes. */
export function answerBench(): void {
  const session = new Session();
  process.on('message', (question: Question) => void answer(session, question).then((reply) => process.send?.(reply)));
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM')); // the bench is gone
}

async function answer(session: Session, question: Question): Promise<Answer> {
  if (question === 'usage') {
    const { user, system } = process.cpuUsage();
    return { rss: process.memoryUsage.rss(), cpu: user + system };
  }
  if (question === 'opened') return { opened: takeOpened() };
  if (question === 'profiled') {
    const { profile } = await session.post('Profiler.stop');
    return { profile };
  }
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await session.post('Profiler.start');
  return { profiling: true };
}
