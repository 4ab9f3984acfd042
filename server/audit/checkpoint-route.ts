import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { LogProofs } from './proofs';

/**
 * `GET /audit/checkpoint`: the newest signed note (C2SP tlog-checkpoint), for witnesses and auditors. It says how many entries
 * there are and no more of them, so nobody needs to sign in. 404 while nothing is signed yet.
 */
export function checkpointRoute(proofs: LogProofs): FastifyPluginAsync {
  return async (fastify: FastifyInstance) => {
    // Without it, everybody on the network could make the database work; a checkpoint is never older than it was anyway.
    let held: { note: Promise<string | null>; until: number } | null = null;
    const newest = (): Promise<string | null> => {
      if (!held || held.until <= Date.now()) held = { note: proofs.newestNote(), until: Date.now() + HELD_MS };
      return held.note;
    };
    fastify.get('/audit/checkpoint', async (_request, reply) => {
      const note = await newest();
      reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8');
      return note === null ? reply.code(404).send('Nothing is signed yet.\n') : reply.send(note);
    });
  };
}

/** How long one look at the database serves all who ask. */
const HELD_MS = 500;
