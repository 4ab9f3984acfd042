import type { Pool, PoolClient } from 'pg';

/**
 * Lends a connection for work that wants several statements, or one of its own kind, on the same. When the work fails, the connection
 * is closed with whatever was begun on it. One that is lost meanwhile is told by the statement under way: unheard, its error
 * would end the process.
 */
export async function onConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let fault: Error | undefined;
  const lost = (error: Error) => (fault = error);
  client.on('error', lost);
  try {
    return await work(client);
  } catch (error) {
    fault = error instanceof Error ? error : new Error('The work on a connection failed.');
    throw error;
  } finally {
    client.off('error', lost);
    client.release(fault);
  }
}
