import { KEEP_ALIVE } from "./reply.ts";

/**
 * Puts a comment line into an event stream whenever it has been silent for a while: API Gateway and many clients close
 * what looks dead after minutes.
 *
 * @param every milliseconds of silence
 * @param ended aborted when the stream is over, however it ends
 * @param silent milliseconds of silence that have passed already
 */
export async function* withKeepAlive(
  events: AsyncIterable<string>,
  every: number,
  ended: AbortController,
  silent = 0,
): AsyncGenerator<string> {
  let patience = every - silent;
  const source = events[Symbol.asyncIterator]();
  let next = source.next();
  try {
    for (;;) {
      const first = await within(next, patience);
      patience = every;
      if (first === undefined) yield KEEP_ALIVE;
      else if (first.done) return;
      else {
        yield first.value;
        next = source.next();
      }
    }
  } finally {
    // Nobody waits for what is still under way.
    ended.abort();
    next.catch(() => undefined);
    void source.return?.();
  }
}

/** What a promise settles to, or undefined when that takes longer; the promise goes on. */
export async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
