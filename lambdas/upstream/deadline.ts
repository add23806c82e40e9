/** A request's end at the latest. */
export interface Deadline {
  /** Aborts with the caller's signal, or with a `TimeoutError` when the time is over. */
  readonly signal: AbortSignal;
  /** The request is over: nothing of it is kept any longer. */
  readonly over: () => void;
}

/**
 * `AbortSignal.timeout` would be kept until its time is over, whether its request lasts or not: with minutes for a call, and
 * hundreds of calls a second, that is all the memory that a function grows by.
 *
 * @param within milliseconds
 * @param caller ends the request before
 */
export function deadline(within: number, caller: AbortSignal | undefined): Deadline {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new DOMException("the time is over", "TimeoutError")), within).unref();
  const given = () => ending.abort(caller?.reason);
  if (caller?.aborted) given();
  else caller?.addEventListener("abort", given, { once: true });
  return {
    signal: ending.signal,
    over: () => {
      clearTimeout(timer);
      caller?.removeEventListener("abort", given);
    },
  };
}
