import { readdirSync, readFileSync } from 'node:fs';
import type { Pool } from 'pg';

/** Clock ticks per second of Linux's process times (USER_HZ, the same on every architecture Node runs on). */
const TICKS = 100;

/** Processor seconds of this cluster's PostgreSQL so far, ended backends included; null where there is no /proc. */
export async function backendSeconds(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const own = timesOf(String(rows[0]!.pid));
  if (!own) return null;
  const family = readdirSync('/proc').filter((pid) => pid === own.parent || timesOf(pid)?.parent === own.parent);
  const spent = family.map((pid) => {
    const times = timesOf(pid);
    return times ? times.self + (pid === own.parent ? times.ended : 0) : 0;
  });
  return spent.reduce((sum, ticks) => sum + ticks, 0) / TICKS;
}

/** Parent and ticks of a process (proc_pid_stat(5)); null for what is no process, or none any more. */
function timesOf(pid: string): { parent: string; self: number; ended: number } | null {
  if (!/^\d+$/.test(pid)) return null;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (place: number) => Number(fields[place]);
    return { parent: fields[1]!, self: at(11) + at(12), ended: at(13) + at(14) };
  } catch {
    return null;
  }
}
