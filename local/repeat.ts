/** Something that is done again and again until it is stopped. */
export interface Repeated {
  /** Settles when a run that is under way has ended. */
  stop(): Promise<void>;
}

/**
 * Plays a schedule: does something, waits, does it again; never two at once.
 *
 * @param pause milliseconds between the end of one run and the next
 * @param report hears of runs that failed; the next one comes all the same
 */
export function repeat(run: () => Promise<unknown>, pause: number, report: (cause: unknown) => void): Repeated {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let under: Promise<unknown> = Promise.resolve();
  const next = () => {
    under = run()
      .catch((cause: unknown) => {
        if (!stopped) report(cause);
      })
      .then(() => {
        if (!stopped) timer = setTimeout(next, pause);
      });
  };
  timer = setTimeout(next, pause);
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await under;
    },
  };
}
