import type { ConnectOpts, SocketConstructorOpts } from 'node:net';
import { ReadStream } from 'node:tty';

/** What is typed, as bytes. */
export interface Keyboard {
  /**
   * Hands on what is typed until the function that it gives is called. The bytes are good until `take` returns: those
   * that come next are written over them.
   */
  listen(take: (typed: Uint8Array) => void): () => void;
}

/** Bytes that are read at once at most: a long paste comes in few pieces. */
const BUFFER_SIZE = 65_536;

/**
 * The keyboard of the terminal on a file descriptor. Node makes a buffer of this size for every read of a usual stream;
 * that memory, counted against the heap, had V8 collect garbage every few hundred keys.
 * @see https://nodejs.org/docs/latest-v20.x/api/net.html#new-netsocketoptions (`onread`)
 */
export function keyboardOf(fd: number): Keyboard {
  return {
    listen: (take) => {
      const buffer = new Uint8Array(BUFFER_SIZE);
      const callback = (length: number) => {
        take(buffer.subarray(0, length));
        return true;
      };
      const options: SocketConstructorOpts & ConnectOpts = { onread: { buffer, callback } };
      const stream = new ReadStream(fd, options);
      stream.resume();
      return () => {
        stream.destroy();
      };
    },
  };
}
