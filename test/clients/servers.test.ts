import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Operation, outcome } from "./support/operations.ts";
import type { Address, ClientKind } from "./support/peer.ts";
import { type PlaywrightServer, startPlaywright } from "./support/playwright.ts";
import { type Rig, startRig } from "./support/rig.ts";
import { v1, v122 } from "./support/v1.ts";
import { v2Auto, v2Default, v2Modern } from "./support/v2.ts";

/** The browser's server says of most of its tools that they may destroy, which asks for approval; here they are to be compared. */
const POLICIES = `@id("browsers-browse")
permit (principal in Group::"developers", action == Action::"call", resource in Server::"playwright")
when { context.risks == ["says-destructive"] };`;

let rig: Rig;
let playwright: PlaywrightServer;
beforeAll(async () => {
  const chromium = execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
  playwright = await startPlaywright(chromium);
  // It asks its clients every few seconds whether they live, and closes the session of one that does not answer.
  rig = await startRig([{ name: "playwright", url: playwright.url, credential: "unused", push: true }], POLICIES);
}, 120_000);
afterAll(async () => {
  await rig?.stop();
  await playwright?.stop();
}, 30_000);

describe("@playwright/mcp, which somebody else wrote", () => {
  const tool = (name: string, args = {}): Operation => ({
    title: name,
    method: "tools/call",
    params: { name, arguments: args },
  });

  /** Looks at the page as an agent would, and gives all that it saw. */
  async function browse(kind: ClientKind, address: Address): Promise<unknown[]> {
    const peer = await kind.connect(address);
    const seen: unknown[] = [peer.server];
    for (const operation of [
      { title: "lists", method: "tools/list" } as const,
      tool("browser_navigate", { url: playwright.page }),
      tool("browser_snapshot"),
      tool("browser_type", { target: "e5", text: "Zo\u00eb" }),
      tool("browser_snapshot"),
      tool("browser_no_such_tool"),
    ])
      seen.push(await outcome(peer, operation));
    await peer.close();
    return seen;
  }

  /** It names files after the time. */
  const timeless = (seen: unknown) => JSON.parse(JSON.stringify(seen).replaceAll(/page-[0-9TZ-]+\.yml/g, "page.yml"));

  test.each([v1, v2Auto].map((kind) => [kind.name, kind] as const))(
    "is the same browser through the gateway for %s",
    async (_, kind) => {
      const direct = await browse(kind, rig.direct("playwright"));
      const through = await browse(kind, rig.through("playwright"));
      expect(timeless(through)).toEqual(timeless(direct));
      expect(JSON.stringify(through)).toContain("Zo\u00eb");
    },
    30_000,
  );

  test("keeps the session of a client that is silent for longer than it waits for a sign of life", async () => {
    const peer = await v1.connect(rig.through("playwright"));
    await outcome(peer, tool("browser_navigate", { url: playwright.page }));
    await new Promise((resolve) => setTimeout(resolve, 6500));
    expect(await outcome(peer, tool("browser_snapshot"))).toMatchObject({ result: { content: [{ type: "text" }] } });
    await peer.close();
  }, 30_000);

  test("ends a session, with a content type where others have none", async () => {
    for (const address of [rig.direct("playwright"), rig.through("playwright")]) {
      const peer = await v1.connect(address);
      await peer.endSession();
      await peer.close();
    }
  });
});

describe("a server of one era", () => {
  const arrive = (kind: ClientKind, address: Address) =>
    kind.connect(address).then(
      async (peer) => {
        await peer.close();
        return peer.revision;
      },
      ({ name, message, code, data }) => ({ name, message, code, data }),
    );

  test("of 2025 is found by a client that looks for 2026-07-28 first", async () => {
    expect(await arrive(v2Auto, rig.through("everything"))).toBe("2025-11-25");
    expect(await arrive(v2Auto, rig.direct("everything"))).toBe("2025-11-25");
  });

  test.each([
    ["everything", "2025", v2Modern],
    ["modern-lab", "2026-07-28", v1],
    ["modern-lab", "2026-07-28", v122],
    ["modern-lab", "2026-07-28", v2Default],
  ] as const)("(%s, %s) refuses $2.name in its own words", async (server, _, kind) => {
    const through = await arrive(kind, rig.through(server));
    expect(through).toEqual(await arrive(kind, rig.direct(server)));
    expect(through).toMatchObject({ message: expect.any(String) });
  });

  test("of 2026-07-28 is found by both clients that speak it", async () => {
    for (const kind of [v2Auto, v2Modern]) expect(await arrive(kind, rig.through("modern-lab"))).toBe("2026-07-28");
  });
});
