import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Witness } from './witness';

/** A checkpoint and a proof of 63 hashes need less; whatever is longer is none. */
const MOST_BYTES = 16 * 1024;

/** The witness protocol over HTTP: `POST /add-checkpoint`. It has no secrets to tell, and signs for nobody but the logs it knows. */
export function witnessServer(witness: Witness): Server {
  return createServer({ requestTimeout: 10_000 }, (request, response) => {
    const end = (status: number, body: string, type = 'text/plain') => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    if (request.url !== '/add-checkpoint') return end(404, 'There is only /add-checkpoint here.\n');
    if (request.method !== 'POST') return end(405, 'Checkpoints are posted.\n');
    readBody(request)
      .then(async (body) => {
        if (body === null) return end(413, 'This is too long for a checkpoint.\n');
        const answer = await witness.addCheckpoint(body);
        end(answer.status, answer.body, answer.type);
      })
      .catch(() => end(500, 'The witness cannot keep what it would sign, so it does not sign.\n'));
  });
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
