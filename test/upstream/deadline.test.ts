import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { deadline } from "../../lambdas/upstream/deadline.ts";

describe("a request's deadline", () => {
  test("ends the request when its time is over, and says so", async () => {
    const { signal } = deadline(20, undefined);
    expect(signal.aborted).toBe(false);
    await sleep(60);
    expect(signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  test("ends it before when the caller does, for the caller's reason, also where that was at once", () => {
    const [later, before] = [new AbortController(), AbortSignal.abort("gone")];
    const { signal } = deadline(10_000, later.signal);
    later.abort("enough");
    expect([signal.reason, deadline(10_000, before).signal.reason]).toEqual(["enough", "gone"]);
  });

  test("does nothing any more once the request is over", async () => {
    const caller = new AbortController();
    const { signal, over } = deadline(20, caller.signal);
    over();
    caller.abort();
    await sleep(60);
    expect(signal.aborted).toBe(false);
  });
});
