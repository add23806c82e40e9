import type { OpenCall } from "./open-calls.ts";

/** What a run could not do. */
export interface Unsettled {
  /** Calls that could not be settled, and why. */
  readonly failed: readonly { readonly call: string | undefined; readonly error: Error }[];
  /** Number of calls for which there was no time. */
  readonly left: number;
}

/** Settles calls in their order, one after another, for as long as there is time. One that fails does not hinder the next. */
export async function settleAll(
  open: readonly OpenCall[],
  settle: (call: OpenCall) => Promise<void>,
  hasTime: () => boolean,
): Promise<Unsettled> {
  const failed: { call: string | undefined; error: Error }[] = [];
  for (const [at, call] of open.entries()) {
    if (!hasTime()) return { failed, left: open.length - at };
    await settle(call).catch((error: Error) => failed.push({ call: call.received.call, error }));
  }
  return { failed, left: 0 };
}
