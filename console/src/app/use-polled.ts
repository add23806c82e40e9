import { useCallback, useEffect, useRef, useState } from "react";
import { type Failure, failureOf, passes } from "./failure.ts";
import { repeat } from "./repeat.ts";

/** What the API last answered, and what went wrong since. */
export interface Polled<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  /** Asks again at once. */
  readonly refresh: () => void;
}

/**
 * Asks the API again and again while the room is open. What was there stays on screen when an answer fails.
 *
 * @param key what is asked for: another one starts afresh
 * @param ask the question
 * @param over whether an answer can change no more, so that asking can end
 */
export function usePolled<T>(
  key: string,
  seconds: number,
  ask: () => Promise<T>,
  over: (value: T) => boolean = () => false,
): Polled<T> {
  const [state, setState] = useState<{ key: string; value?: T; failure?: Failure | undefined }>({ key });
  const latest = useRef({ ask, over });
  latest.current = { ask, over };
  const poll = useRef<{ now: () => void } | undefined>(undefined);

  useEffect(() => {
    let current = true;
    const set = (change: { value?: T; failure?: Failure | undefined }) =>
      current && setState((before) => ({ ...(before.key === key ? before : { key }), ...change }));
    const running = repeat(seconds, async () => {
      try {
        const value = await latest.current.ask();
        set({ value, failure: undefined });
        return !latest.current.over(value);
      } catch (error) {
        set({ failure: failureOf(error) });
        return passes(error);
      }
    });
    poll.current = running;
    return () => {
      current = false;
      running.stop();
    };
  }, [key, seconds]);

  const refresh = useCallback(() => poll.current?.now(), []);
  return state.key === key
    ? { value: state.value, failure: state.failure, refresh }
    : { value: undefined, failure: undefined, refresh };
}
