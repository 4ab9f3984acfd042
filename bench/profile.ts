import type { Profiler } from 'node:inspector/promises';

export interface Hotspot {
  function: string;
  where: string;
  /** Share of the time the processor was busy. */
  share: number;
}

/** Nobody's work, or the profiler's own. */
const IDLE = ['(idle)', '(program)', '(root)', 'dispatch'];

/** Functions in which the processor spent most time itself, callees not counted. */
export function hottest({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, count: number): Hotspot[] {
  const byNode = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const spent = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, place) => {
    const { functionName, url, lineNumber } = byNode.get(id)!;
    if (IDLE.includes(functionName)) return;
    const time = timeDeltas[place] ?? 0;
    busy += time;
    const name = `${functionName || '(anonymous)'}\n${placeOf(url, lineNumber)}`;
    spent.set(name, (spent.get(name) ?? 0) + time);
  });
  return [...spent]
    .sort(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([name, time]) => {
      const [called = '', where = ''] = name.split('\n');
      return { function: called, where, share: Number((time / busy).toFixed(4)) };
    });
}

function placeOf(url: string, line: number): string {
  const path = url.replace(/^.*\/node_modules\//, '').replace(/^.*\/dist\//, '');
  return path === '' ? 'native' : `${path}:${line + 1}`;
}
