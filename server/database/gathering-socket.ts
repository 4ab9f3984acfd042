import { Socket } from 'node:net';

type Done = (error?: Error | null) => void;

/**
 * A connection that sends what one turn of the event loop writes in one go: statements that follow each other without
 * waiting share a packet, and waking PostgreSQL for each is most of what a small statement costs here.
 */
export class GatheringSocket extends Socket {
  private gathering = false;

  override write(data: string | Uint8Array, done?: Done): boolean;
  override write(data: string | Uint8Array, encoding?: BufferEncoding, done?: Done): boolean;
  override write(data: string | Uint8Array, ...rest: [(BufferEncoding | Done)?, Done?]): boolean {
    if (!this.gathering) {
      this.gathering = true;
      this.cork();
      process.nextTick(() => {
        this.gathering = false;
        this.uncork();
      });
    }
    return super.write(data, ...(rest as [BufferEncoding?, Done?]));
  }
}
