import type { IncomingHttpHeaders } from 'node:http';

const HEADER = 'x-chartseal-background';

/**
 * True for what a page asks by itself, with nobody at it: polls, and the token renewed ahead of time. It is answered like anything
 * else but does not count as use, or a screen left alone would keep its session from ever going idle. Saying it falsely
 * only ends one's own session sooner.
 */
export function inBackground(headers: IncomingHttpHeaders): boolean {
  return headers[HEADER] === '1';
}
