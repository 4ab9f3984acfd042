import { cpus, totalmem } from 'node:os';
import type { BenchCase } from './cases';
import type { Reached } from './load';
import type { Hotspot } from './profile';

export interface Measured extends Reached {
  /** Processor time of the server process for one request, in microseconds; hardly touched by what else the machine does. */
  cpuPerRequest: number;
}

/** One case in one round: both sides, measured one right after the other. */
export interface Round {
  over: Measured;
  under: Measured;
}

export interface CaseResult {
  name: string;
  what: string;
  over: string;
  under: string;
  /** Medians of the rounds, requests per second. */
  overPerSecond: number;
  underPerSecond: number;
  /** Median of the rounds' ratios, and the lowest and highest. */
  ratio: number;
  lowest: number;
  highest: number;
  goal: number;
  met: boolean;
  /** Medians of the rounds' 99th percentiles, in milliseconds. */
  overP99: number;
  underP99: number;
  /** Medians of the processor time of one request, in microseconds. */
  overCpu: number;
  underCpu: number;
  failed: number;
}

export interface Bound {
  what: string;
  reached: number;
  unit: string;
  goal: number;
  met: boolean;
}

export interface Results {
  at: string;
  machine: string;
  settings: { rounds: number; seconds: number; patients: number; profiled: string };
  cases: CaseResult[];
  others: Bound[];
  hotspots: Hotspot[];
}

export function resultOf({ name, what, over, under, goal }: BenchCase, rounds: Round[]): CaseResult {
  const ratios = rounds.map((round) => round.over.requestsPerSecond / round.under.requestsPerSecond);
  const ratio = rounded(median(ratios));
  return {
    name,
    what,
    over,
    under,
    overPerSecond: Math.round(median(rounds.map((round) => round.over.requestsPerSecond))),
    underPerSecond: Math.round(median(rounds.map((round) => round.under.requestsPerSecond))),
    ratio,
    lowest: rounded(Math.min(...ratios)),
    highest: rounded(Math.max(...ratios)),
    goal,
    met: ratio >= goal,
    overP99: median(rounds.map((round) => round.over.p99)),
    underP99: median(rounds.map((round) => round.under.p99)),
    overCpu: Math.round(median(rounds.map((round) => round.over.cpuPerRequest))),
    underCpu: Math.round(median(rounds.map((round) => round.under.cpuPerRequest))),
    failed: rounds.reduce((sum, round) => sum + round.over.failed + round.under.failed, 0),
  };
}

export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
}

/** The results as a person reads them. */
export function print({ machine: on, settings, cases, others, hotspots }: Results): void {
  const { rounds, seconds, patients, profiled } = settings;
  console.log(`\n${on}; ${patients} patients, 8 connections, ${rounds} rounds of ${seconds} s, medians\n`);
  const head = ['Case', 'Chartseal/s', 'compared/s', 'Ratio', '(range)', 'Goal', '', 'p99 ms', 'CPU µs'];
  const rows = cases.map((result) => [
    result.what,
    String(result.overPerSecond),
    String(result.underPerSecond),
    result.ratio.toFixed(2),
    `(${result.lowest.toFixed(2)}–${result.highest.toFixed(2)})`,
    result.goal.toFixed(2),
    result.failed > 0 ? `${result.failed} FAILED` : result.met ? 'met' : 'MISSED',
    `${result.overP99} : ${result.underP99}`,
    `${result.overCpu} : ${result.underCpu}`,
  ]);
  printTable([head, ...rows]);
  console.log();
  for (const { what, reached, unit, goal, met } of others) {
    console.log(`${what}: ${reached} ${unit} (goal: under ${goal} ${unit}) ${met ? 'met' : 'MISSED'}`);
  }
  if (hotspots.length === 0) return;
  console.log(`\nWhere the processor time of case ${profiled} goes, callees apart:`);
  printTable(hotspots.map((spot) => [`${(spot.share * 100).toFixed(1)} %`, spot.function, spot.where]));
}

/** Rows in columns; the first row's count decides. */
export function printTable(rows: string[][]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
}

export function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function rounded(figure: number): number {
  return Number(figure.toFixed(3));
}
