import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { storyHtml } from "../../bin/story-html.ts";
import type { ApprovalAnswer } from "../../console/src/api/approval.ts";
import { EVENT_CATALOGUE } from "../../lambdas/domain/evidence/event-catalogue.ts";
import type { RecordType } from "../../lambdas/domain/evidence/record.ts";
import { storyOf } from "../../lambdas/domain/evidence/story.ts";
import { closeServer, listen } from "../../local/port.ts";
import { accessRequest, fromNow, fullStory } from "../console/approvals.ts";
import { DESKTOP, Desk } from "../console/desk.ts";
import { deployGrant } from "../console/grants.ts";
import { bodyWith, recordMaker, someApproval, somebody } from "../support/records.ts";
import { markup, poisoned } from "./support/poisoned.ts";

let desk: Desk;
let attacker: Server;
let attackerUrl: string;
/** What the attacker's site answers. */
let lure = "";

beforeAll(async () => {
  desk = await Desk.start();
  await desk.open(DESKTOP);
  await desk.follow(desk.linkTo(desk.held()));
  await desk.reason().waitFor();
  attacker = createServer((_, response) => void response.writeHead(200, { "content-type": "text/html" }).end(lure));
  attackerUrl = `http://127.0.0.1:${await listen(attacker)}/`;
});
afterAll(async () => {
  await desk?.stop();
  await closeServer(attacker);
});
/** Signed in once: the page keeps its sign-in, and everything else is new. */
beforeEach(async () => {
  desk.api.reset();
  desk.front.faults.clear();
  desk.complaints.length = 0;
});

/** A place of the console, loaded anew. */
async function open(url: string): Promise<void> {
  await desk.page.goto(url);
  await desk.page.reload();
}

/** Nothing of what others wrote became an element, an attribute or a script, and nothing ran or was asked for. */
async function harmless(complaints: readonly string[] = desk.complaints): Promise<void> {
  // An image that cannot be had tells so a moment later.
  await desk.page.waitForTimeout(100);
  const alive = await desk.page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) => [
      ...(element.matches("img, iframe, object, embed, base, script:not([src]), body script, meta[http-equiv=refresh]")
        ? [element.tagName]
        : []),
      ...[...element.attributes]
        .filter(({ name, value }) => name.startsWith("on") || /^\s*javascript:/i.test(value))
        .map(({ name }) => name),
    ]),
  );
  expect(alive).toEqual([]);
  expect(await desk.page.evaluate(() => "pwned" in window)).toBe(false);
  expect(desk.dialogs).toEqual([]);
  expect(complaints).toEqual([]);
}

/** Which of the places' markup nobody can read on the page. */
async function unread(places: readonly string[]): Promise<string[]> {
  const text = await desk.page.evaluate(() => document.body.textContent ?? "");
  return places.filter((place) => !text.includes(markup(place)));
}

describe("markup in every text of an answer is shown as text", () => {
  const rooms: [string, ApprovalAnswer, string[]][] = [
    ["a call that waits", fullStory({ whyNot: null, mayReveal: true, arguments: '{"a":1}' }), []],
    ["a method that is no tool", fullStory({ method: "resources/read", mayDecide: false, whyNot: "not yours" }), []],
    ["access that is asked for", accessRequest(), ["method"]],
    ["a call that broke the glass", fullStory({ kind: "review", breakGlass: "fire" }), ["method"]],
    [
      "a call that was withdrawn",
      fullStory({ status: "WITHDRAWN", mayDecide: false, withdrawn: { by: "Dana", reason: "typo", at: fromNow(0) } }),
      ["method"],
    ],
  ];
  test.each(rooms)("%s", async (_what, answer, kept) => {
    const { value, places } = poisoned(answer, [...kept, "arguments"]);
    const text = JSON.stringify({ [markup("name")]: markup("value"), list: [markup("item")] });
    desk.held({ ...value, arguments: text });
    await open(desk.linkTo(answer));
    await desk.sees("Who asks");
    expect(places.length).toBeGreaterThan(10);
    // What the page has no use for.
    const unused = await unread(places);
    expect(
      unused.filter(
        (place) =>
          !/^(group|requesterName|risks\.\d+\.pointer|method|agent\.name|tool\.name|access\.|whyNot)/.test(place),
      ),
    ).toEqual([]);
    if (answer.kind === "call") expect(await unread(["name", "value", "item"])).toEqual([]);
    await harmless();
  });

  test.each(["", "inbox/all", "inbox/mine", "inbox/decided"])("the inbox (%s)", async (view) => {
    const by = "approver-one";
    const mine = { kind: "user", name: "Ana", id: "company|approver-one", client: null, initiator: null } as const;
    const decisions = [{ by, verdict: "deny" as const, reason: "No", at: fromNow(0) }];
    for (const [at, answer] of [fullStory(), accessRequest(), fullStory({ kind: "review" })].entries()) {
      const { value } = poisoned(answer, ["method"]);
      desk.held({ ...value, id: `held-${at}`, requester: { ...mine, name: markup("who") }, decisions });
    }
    await open(`${desk.front.url}/console/#/${view}`);
    await desk.sees("onerror=");
    await harmless();
  });

  test.each(["", "/all", "/ask", "/block"])("access (%s)", async (tab) => {
    const { value, places } = poisoned(deployGrant(), ["principal", "approval"]);
    desk.api.me = {
      ...desk.api.me,
      name: markup("me"),
      groups: [markup("group")],
      servers: [{ name: markup("server") }],
      mayBlock: true,
      principal: value.principal,
    };
    for (const [at, changes] of [
      {},
      { status: "ENDED", endedBy: markup("by"), endReason: markup("why"), endedAt: fromNow(-1000) },
    ].entries())
      desk.api.grants.set(`grant-${at}`, { ...value, ...changes, id: `grant-${at}` } as typeof value);
    await open(`${desk.front.url}/console/#/access${tab}`);
    await desk.page.locator("main.room h1").waitFor();
    if (tab === "" || tab === "/all") {
      await desk.sees("onerror=");
      expect(await unread(places.filter((place) => !/principalName|constraint|approvedBy|reason/.test(place)))).toEqual(
        [],
      );
    }
    if (tab === "/ask") {
      await desk.page.getByRole("button", { name: "Server" }).click();
      await desk.sees(markup("server"));
    }
    await harmless();
  });

  test("what the API says of a failure", async () => {
    await open(desk.linkTo(desk.held()));
    await desk.reason().fill(markup("reason"));
    desk.front.faults.set("POST", { status: 400, body: { code: "bad_request", message: markup("message") } });
    await desk.press("Approve");
    await desk.sees(markup("message"));
    // The browser itself tells of every answer that is no success.
    await harmless(desk.complaints.filter((text) => !text.includes("status of 400")));
  });

  test("an address that is made of markup", async () => {
    await open(`${desk.front.url}/console/#/access/block/${encodeURIComponent(markup("principal"))}`);
    await desk.page.locator("main.room h1").waitFor();
    await desk.page.goto(
      `${desk.front.url}/console/?code=${encodeURIComponent(markup("code"))}&error=${encodeURIComponent(markup("error"))}#/approvals/<img src=x onerror=pwned()>`,
    );
    await desk.page.locator("main").first().waitFor();
    await harmless(desk.complaints.filter((text) => !/status of 4\d\d/.test(text)));
  });
});

test("what would run as markup is noticed, so that the above could fail", async () => {
  await open(desk.linkTo(desk.held()));
  await desk.reason().waitFor();
  await desk.page.evaluate((text) => {
    document.querySelector("main")?.insertAdjacentHTML("beforeend", text);
  }, markup("here"));
  await expect(harmless()).rejects.toThrow(/IMG/);
});

test("the replay file shows every text of every type of record as text, and asks for nothing", async () => {
  const make = recordMaker();
  const types = Object.keys(EVENT_CATALOGUE) as RecordType[];
  const places: string[] = [];
  const stories = types.map((type) => {
    const whole = make({
      type,
      reason: "r",
      headers: { "mcp-param-region": "eu" },
      principal: somebody("dana", { person: "p", initiator: "i", acr: "a", delegation: ["d"] }),
      decision: { kind: "deny", policies: ["p"], reason: "r" },
      risks: ["r"],
      breakGlass: "b",
      grant: { id: "g", approval: "a", expiresAt: fromNow(0), reach: "r" },
      approval: someApproval({
        verdict: "v",
        by: "b",
        person: "p",
        reason: "r",
        scope: "s",
        rendered: "x",
        who: somebody(),
      }),
      request: bodyWith("q", {
        findings: [{ kind: "k", pointer: "p", start: 0, length: 1, tag: "t" }],
        findingCount: 1,
      }),
      response: bodyWith("s"),
      revealed: "r",
      quarantined: { record: "r", hash: "h", copy: "c" },
      signer: { publicKey: "p", openedAt: fromNow(0), key: "k", attestation: "a" },
    });
    const record = poisoned(whole);
    places.push(...record.places);
    return storyOf(markup("story"), [record.value], new Map());
  });
  const folder = mkdtempSync(join(tmpdir(), "attacks-replay-"));
  const file = join(folder, "story.html");
  const asked: string[] = [];
  const note = (request: { url(): string }) => asked.push(request.url());
  desk.page.on("request", note);
  try {
    writeFileSync(file, storyHtml(stories, markup("when"), markup("where")));
    await desk.page.goto(pathToFileURL(file).href);
    await harmless();
  } finally {
    desk.page.off("request", note);
    rmSync(folder, { recursive: true });
  }
  expect(asked).toEqual([pathToFileURL(file).href]);
  const seen = places.filter((place) =>
    /^(reason|target|principal\.name|server|request\.text|response\.text)$/.test(place),
  );
  expect(await unread([...new Set(seen), "story", "where"])).toEqual([]);
});

describe("a page of another site", () => {
  test.each(["/console/", "/console/#/approvals/k3v7q2m5x4t6b2n7d5c3z6a4ye", "/console/settings.json"])(
    "shows nothing of ours in a frame of its own: %s",
    async (path) => {
      lure = `<!doctype html><iframe src="${desk.front.url}${path}"></iframe>`;
      await desk.page.goto(attackerUrl);
      await expect
        .poll(() => desk.page.frames().map((frame) => frame.url()))
        .toEqual([attackerUrl, expect.stringMatching(/^chrome-error:/)]);
    },
  );

  test("decides nothing for an approver who is signed in, by form, image or script", async () => {
    const approval = desk.held();
    await open(desk.linkTo(approval));
    await desk.reason().waitFor();
    const decision = `${desk.front.url}/approvals/${approval.id}/decision`;
    lure = `<!doctype html><img src="${decision}?verdict=approve">
      <form method="post" enctype="text/plain" action="${decision}"><input name='{"verdict":"approve","reason":"x","a":"' value='"}'></form>
      <script>
        fetch("${decision}", { method: "POST", mode: "no-cors", credentials: "include", body: '{"verdict":"approve"}' })
          .finally(() => document.forms[0].submit());
      </script>`;
    await desk.page.goto(attackerUrl);
    await desk.page.waitForURL(decision);
    expect(await desk.page.evaluate(() => document.body.textContent)).toContain("Unauthorized");
    expect(desk.api.received).toEqual([]);
    expect(desk.api.approvals.get(approval.id)?.status).toBe("PENDING");
  });

  test("leaves an approver nothing in cookies that it could use", async () => {
    await open(desk.linkTo(desk.held()));
    await desk.reason().waitFor();
    const cookies = await desk.page.context().cookies(desk.front.url);
    // The sign-in's own cookies are the provider's; a port is no boundary for them here.
    const tokens = cookies.filter(({ value }) => /^ey[\w-]+\.ey/.test(value));
    expect(tokens).toEqual([]);
    expect(await desk.page.evaluate(() => localStorage.length)).toBe(0);
  });
});
