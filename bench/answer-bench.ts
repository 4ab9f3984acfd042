import { Session, type Profiler } from 'node:inspector/promises';

/** What the bench asks a server it has started, over the channel between parent and child. */
export type Question = 'memory' | 'profile' | 'profiled';
export type Answer = { rss: number } | { profile: Profiler.Profile } | { profiling: true };

/** Microseconds between two looks of the profiler. */
const INTERVAL_US = 500;

/** Lets a server tell the bench its memory and where its time goes. */
export function answerBench(): void {
  const session = new Session();
  process.on('message', (question: Question) => void answer(session, question).then((reply) => process.send?.(reply)));
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM')); // the bench is gone
}

async function answer(session: Session, question: Question): Promise<Answer> {
  if (question === 'memory') return { rss: process.memoryUsage.rss() };
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
