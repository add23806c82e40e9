import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOver, overused, windowsOf } from "../../../lambdas/domain/usage/usage.ts";

const NOON = Date.UTC(2026, 10, 21, 12, 0, 30);
const none = { perMinute: null, perDay: null };

describe("the windows of a call", () => {
  test("are those that have a limit, over all servers and at its own", () => {
    const windows = windowsOf({ perMinute: 5, perDay: 9 }, { perMinute: 2, perDay: null }, "ops", NOON);
    expect(windows.map(({ per, server, limit }) => [per, server, limit])).toEqual([
      ["minute", null, 5],
      ["day", null, 9],
      ["minute", "ops", 2],
    ]);
    expect(windowsOf(none, undefined, "ops", NOON)).toEqual([]);
  });

  test("end with the minute of the clock and the day of UTC", () => {
    const [minute, day] = windowsOf({ perMinute: 1, perDay: 1 }, undefined, "ops", NOON);
    expect([minute?.endsAt, day?.endsAt]).toEqual([Date.UTC(2026, 10, 21, 12, 1), Date.UTC(2026, 10, 22)]);
  });

  test("name themselves by their time and server, and the one before as it named itself", () => {
    const times = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(times, fc.constantFrom("minute", "day"), (time, per) => {
        const limits = per === "minute" ? { perMinute: 1, perDay: null } : { perMinute: null, perDay: 1 };
        const [window] = windowsOf(none, limits, "ops", time);
        if (window === undefined) throw new Error("there is no window");
        const [next] = windowsOf(none, limits, "ops", window.endsAt);
        expect(next?.before).toBe(window.name);
        expect(next?.name).not.toBe(window.name);
        expect([isOver(window.name, time), isOver(window.name, window.endsAt)]).toEqual([false, true]);
        const [other] = windowsOf(none, limits, "files", time);
        expect(other?.name).not.toBe(window.name);
      }),
    );
  });
});

describe("a window is overused", () => {
  const windows = windowsOf({ perMinute: 2, perDay: 4 }, undefined, "ops", NOON);
  const [minute = "", day = ""] = windows.map(({ name }) => name);

  test("by the call after the last one that had room", () => {
    expect(overused(windows, new Map([[minute, 2]]))).toBeUndefined();
    expect(overused(windows, new Map([[minute, 3]]))?.per).toBe("minute");
  });

  test("and of several the one counts that ends last", () => {
    const used = new Map([
      [minute, 9],
      [day, 9],
    ]);
    expect(overused(windows, used)?.per).toBe("day");
    expect(overused([...windows].reverse(), used)?.per).toBe("day");
  });
});
