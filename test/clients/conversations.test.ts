import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { outcome } from "./support/operations.ts";
import type { ClientKind, Host, Peer } from "./support/peer.ts";
import { remote } from "./support/remote.ts";
import { type Rig, startRig } from "./support/rig.ts";
import { v1, v122 } from "./support/v1.ts";
import { v2Auto, v2Default, v2Modern } from "./support/v2.ts";

const LEGACY = [v1, v122, v2Default, remote];
const MODERN = [v2Auto, v2Modern];
const named = (kinds: readonly ClientKind[]) => kinds.map((kind) => [kind.name, kind] as const);

const HOST: Host = {
  elicit: () => ({ action: "accept", content: { name: "Zo\u00eb" } }),
  sample: () => ({ model: "some-model", role: "assistant", content: { type: "text", text: "Something" } }),
  roots: () => ({ roots: [{ uri: "file:///work", name: "Work" }] }),
};

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
}, 120_000);
afterAll(() => rig?.stop());

/**
 * Plays the same directly and through the gateway, and gives what was seen on each way. Sessions are ended, because the
 * gateway counts the streams that one principal keeps open.
 */
async function both<T>(kind: ClientKind, server: string, play: (peer: Peer) => Promise<T>, host: Host = {}) {
  const on = async (way: "direct" | "through") => {
    const peer = await kind.connect(rig[way](server), host);
    try {
      return await play(peer);
    } finally {
      await peer.endSession();
      await peer.close();
    }
  };
  return { direct: await on("direct"), through: await on("through") };
}

const call = (peer: Peer, name: string, args: Record<string, unknown> = {}) =>
  outcome(peer, { title: name, method: "tools/call", params: { name, arguments: args } });

/** Calls what never ends, and gives up as soon as the server is at it. */
async function giveUp(peer: Peer): Promise<string> {
  const { started } = rig.lab.waits;
  const leaving = new AbortController();
  const ended = peer.ask("tools/call", { name: "wait" }, { signal: leaving.signal }).then(
    () => "it ended",
    (error: Error) => `${error.name}: ${error.message}`,
  );
  await vi.waitFor(() => expect(rig.lab.waits.started).toBe(started + 1), 5000);
  leaving.abort();
  return ended;
}

describe.each(named([...LEGACY, ...MODERN]))("%s", (_, kind) => {
  test("hears of progress", async () => {
    const { direct, through } = await both(kind, "lab", async (peer) => {
      const heard: unknown[] = [];
      const onprogress = (progress: unknown) => heard.push(progress);
      const result = await peer.ask("tools/call", { name: "count", arguments: { to: 4 } }, { onprogress });
      return { heard, result };
    });
    expect(through).toEqual(direct);
    expect(through.heard).toHaveLength(4);
  });

  test("answers what the server asks in the middle of a call", async () => {
    const { direct, through } = await both(kind, "lab", (peer) => call(peer, "interview"), HOST);
    expect(through).toEqual(direct);
    expect(JSON.stringify(through)).toMatch(/Zo\u00eb.*Something.*file:\/\/\/work/);
  });

  test("gives up a call, and the next one works", async () => {
    const { direct, through } = await both(kind, "lab", async (peer) => [
      await giveUp(peer),
      await call(peer, "count", { to: 1 }),
    ]);
    expect(through).toEqual(direct);
  });

  test("is told of a denial in a result, and goes on", async () => {
    const peer = await kind.connect(rig.through("ops"));
    expect(await call(peer, "run_command", { command: "rm -rf /srv" })).toMatchObject({
      result: { isError: true, content: [{ type: "text", text: expect.stringContaining("DENIED by Countersign") }] },
    });
    expect(await call(peer, "run_command", { command: "uptime" })).toEqual({
      result: expect.objectContaining({ content: [{ type: "text", text: "Ran: uptime" }] }),
    });
    await peer.close();
  });

  test("hears that the tools have changed", async () => {
    const heard: string[] = [];
    await both(
      kind,
      "lab",
      async () => {
        const before = heard.length;
        // The stream for it opens behind the client's back, after it has connected.
        await vi.waitFor(
          async () => {
            await rig.lab.announce();
            expect(heard.length).toBeGreaterThan(before);
          },
          { timeout: 5000, interval: 300 },
        );
      },
      { onToolsChanged: () => heard.push("changed") },
    );
  });
});

describe.each(named(LEGACY))("%s, in a session,", (_, kind) => {
  // A client of 2026-07-28 says that it leaves by closing the connection, of which Lambda does not learn.
  test("lets the server know that it has given up a call", async () => {
    await both(kind, "lab", async (peer) => {
      const { cancelled } = rig.lab.waits;
      await giveUp(peer);
      await vi.waitFor(() => expect(rig.lab.waits.cancelled).toBe(cancelled + 1), 3000);
    });
  });

  test("hears what the server logs, from the level that it set", async () => {
    const heard: unknown[] = [];
    const { direct, through } = await both(
      kind,
      "lab",
      async (peer) => {
        await peer.ask("logging/setLevel", { level: "warning" });
        return { result: await call(peer, "log"), logs: heard.splice(0) };
      },
      { onLog: (params) => heard.push(params) },
    );
    expect(through).toEqual(direct);
    expect(through.logs).toEqual([{ level: "warning", logger: "lab", data: { what: "loud enough" } }]);
  });

  test.each([
    ["trigger-elicitation-request", {}],
    ["trigger-sampling-request", { prompt: "Why?" }],
  ])("does its part in %s of the published server", async (name, args) => {
    const { direct, through } = await both(kind, "everything", (peer) => call(peer, name, args), HOST);
    expect(through).toEqual(direct);
    expect(JSON.stringify(through)).toMatch(/Zo\u00eb|Something/);
  });

  test("tells its roots, for which the published server asks outside of any call", async () => {
    let asked = 0;
    const roots = () => {
      asked += 1;
      return { roots: [{ uri: "file:///work", name: "Work" }] };
    };
    const { direct, through } = await both(
      kind,
      "talkative",
      async (peer) => {
        const before = asked;
        // It asks a while after the handshake. What it asks before the client listens is lost, gateway or not.
        await vi.waitFor(() => expect(asked).toBeGreaterThan(before), 5000);
        return call(peer, "get-roots-list");
      },
      { roots },
    );
    expect(through).toEqual(direct);
    expect(JSON.stringify(through)).toContain("file:///work");
  });
});

describe.each(named([v1, v122, v2Default]))("%s, when it is done,", (_, kind) => {
  test("ends its session at the server", async () => {
    const { direct, through } = await both(kind, "lab", async (peer) => {
      const open = rig.lab.openSessions();
      await peer.endSession();
      await vi.waitFor(() => expect(rig.lab.openSessions()).toBe(open - 1), 3000);
      return call(peer, "count", { to: 1 });
    });
    expect(through).toEqual(direct);
  });
});

// Last, because it takes all the streams that one principal may keep open.
test("a client is heard out after ten others of its principal left without a word", async () => {
  const others = await Promise.all(Array.from({ length: 10 }, () => v1.connect(rig.through("lab"))));
  // Each opens its stream after it has connected.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await Promise.all(others.map((other) => other.close()));
  let heard = 0;
  const peer = await v1.connect(rig.through("lab"), { onToolsChanged: () => (heard += 1) });
  await vi.waitFor(
    async () => {
      await rig.lab.announce();
      expect(heard).toBeGreaterThan(0);
    },
    { timeout: 5000, interval: 300 },
  );
  await peer.close();
});
