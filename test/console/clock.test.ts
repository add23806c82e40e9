import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRequests } from "../../console/src/api/request.ts";

/** What the device's clock shows, and the world's, in milliseconds since the epoch. */
let device = 0;
let world = 0;
/** Milliseconds that the next answer takes. */
let takes = 0;

beforeEach(() => {
  device = world = 1_800_000_000_000;
  takes = 0;
  vi.spyOn(Date, "now").mockImplementation(() => device);
  vi.stubGlobal("fetch", async () => {
    const date = new Date(world).toUTCString();
    device += takes;
    world += takes;
    return new Response("{}", { headers: { date } });
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("the server's clock", () => {
  it("is told from the answers where the device's is wrong, and until it is set right", async () => {
    const { send, now } = createRequests(async () => "token");
    device -= 600_000;
    await send("me");
    expect(now()).toBe(world);
    device = world + 1500;
    await send("me");
    expect(now()).toBe(device);
  });

  it("is not told from an answer that a sleeping device received late, nor while the clock is set back", async () => {
    const { send, now } = createRequests(async () => "token");
    takes = 480_000;
    await send("me");
    expect(now()).toBe(world);
    vi.stubGlobal("fetch", async () => {
      device -= 600_000;
      return new Response("{}", { headers: { date: new Date(world).toUTCString() } });
    });
    await send("me");
    expect(now()).toBe(device);
  });
});
