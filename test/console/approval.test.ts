import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accessRequest, fullStory, named } from "./approvals.ts";
import { DESKTOP, Desk, PHONE } from "./desk.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.stop());
beforeEach(() => desk.open());

describe("what the room of an approval shows", () => {
  it("tells the whole story on one page, and marks what a program says of itself", async () => {
    await desk.open(DESKTOP);
    await desk.follow(desk.linkTo(desk.held(fullStory())));
    await desk.sees("deploy-pipeline asks to run create_role on ops");
    const text = await desk.textOf("main");
    for (const part of [
      "ci|repo:acme/infra:ref:refs/heads/main",
      "dana@example.com",
      "ci-runner",
      "Claude Code 2.1.0 (self-reported, not verified)",
      "2: the same call has asked before",
      "Creates a role that others may assume.",
      "Changes of roles need a second pair of eyes.",
      "1 of 2 approvals so far.",
      "Planned in change 4711",
      "Earlier attempts of this very call",
      "Same role as last month",
      "A trust policy with a star",
    ])
      expect(text).toContain(part);
    // The client is named by the token that was verified; a program says of itself what it likes.
    expect(text).not.toContain("ci-runner (self-reported");
    expect(await desk.textOf(".tree > ul > li:nth-child(5)")).toContain("Principal object AWS text *");
    expect(await desk.page.locator(".tree mark").allTextContents()).toEqual(["sts:AssumeRole"]);
    expect(await desk.page.locator(".risks mark").allTextContents()).toEqual(["create_role", "sts:AssumeRole"]);
    await desk.shot("approval-desktop");
    expect(desk.complaints).toEqual([]);
  });

  it("says of a client without a name that the token names none", async () => {
    const { requester } = fullStory();
    await desk.follow(desk.linkTo(desk.held({ requester: { ...requester, client: "" } })));
    await desk.sees("not named by the token");
  });

  it("says in the name of what was found there, and of nothing else", async () => {
    const risks = [
      { risk: "iam-change", pointer: "", match: "create_role" },
      { risk: "iam-change", pointer: "", match: "create_role", cut: true },
      { risk: "unassessed", pointer: "", match: "create_role", cut: true },
      { risk: "unassessed", pointer: "", match: "more texts than are read", cut: true },
    ];
    await desk.follow(desk.linkTo(desk.held({ risks })));
    await desk.reason().waitFor();
    expect(await desk.page.locator(".risks li").allTextContents()).toEqual([
      "iam-change create_role in the name",
      "iam-change create_role (there may be more than this) ",
      "unassessed create_role ",
      "unassessed more texts than are read ",
    ]);
  });

  it("names in the browser's tab what cannot be seen", async () => {
    await desk.follow(desk.linkTo(desk.held({ tool: named("get\u202eelor") })));
    await desk.reason().waitFor();
    expect(await desk.page.title()).toBe("getU+202Eelor on ops · Countersign");
  });

  it("shows what access is asked for", async () => {
    await desk.follow(desk.linkTo(desk.held(accessRequest())));
    await desk.sees("Dana Developer asks for access to ops");
    await desk.sees("Tools, for 45 minutes");
    await desk.sees("reports/");
    await desk.shot("approval-access-phone");
  });
});

describe("arguments", () => {
  it("fit a phone without sideways scrolling, whatever they are", async () => {
    const endless = JSON.stringify({ [`k${"e".repeat(300)}`]: { command: "x".repeat(2000) } });
    await desk.follow(desk.linkTo(desk.held({ ...fullStory(), arguments: endless, risks: [] })));
    await desk.sees("k".concat("e".repeat(300)));
    expect(await desk.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await desk.shot("approval-phone");
  });

  it("fold when they are long, say how much is folded, and keep in view what a risk was found by", async () => {
    const value = `${"a".repeat(5000)}DROP TABLE${"b".repeat(5000)}`;
    const risks = [{ risk: "destructive", pointer: "/sql", match: "DROP TABLE" }];
    await desk.follow(desk.linkTo(desk.held({ arguments: JSON.stringify({ sql: value }), risks })));
    await desk.sees("4,520 characters folded");
    expect(await desk.page.locator(".tree mark").allTextContents()).toEqual(["DROP TABLE"]);
    await desk.press("Show all 10,010 characters");
    expect(await desk.textOf(".tree .value")).toBe(value);
  });

  it("are marked whole when the match was found in their decoded form", async () => {
    const encoded = Buffer.from("rm -rf /").toString("base64");
    const risks = [{ risk: "destructive", pointer: "/a~1b/0", match: "rm -rf /" }];
    await desk.follow(desk.linkTo(desk.held({ arguments: JSON.stringify({ "a/b": [encoded, encoded] }), risks })));
    await desk.reason().waitFor();
    expect(await desk.page.locator(".tree mark").allTextContents()).toEqual([encoded]);
    expect(await desk.page.locator(".risks mark").allTextContents()).toEqual(["rm -rf /"]);
  });

  it("are marked whole, and do not fold, where a match is only the beginning of what matched", async () => {
    const list = Array.from({ length: 300 }, (_, at) => 1000 + at).join(", ");
    const sql = `SELECT id FROM customers WHERE id IN (${list}); DROP TABLE customers; SELECT id FROM t WHERE id IN (${list})`;
    const risks = [{ risk: "destructive", pointer: "/sql", match: sql.slice(0, 200), cut: true }];
    await desk.follow(desk.linkTo(desk.held({ arguments: JSON.stringify({ sql, note: "n".repeat(900) }), risks })));
    await desk.sees("(there may be more than this) at /sql");
    expect(await desk.page.locator(".tree mark").allTextContents()).toEqual([sql]);
    expect(await desk.page.locator(".tree").getByRole("button").count()).toBe(0);
    await desk.shot("approval-cut-phone");
  });

  it("can be read and decided on where they do not fold and have very many lines", async () => {
    const script = "\n".repeat(60_000);
    const risks = [{ risk: "destructive", pointer: "/script", match: script.slice(0, 200), cut: true }];
    await desk.follow(desk.linkTo(desk.held({ arguments: JSON.stringify({ script }), risks })));
    await desk.sees("(there may be more than this) at /script");
    await desk.reason().fill("Nobody can read this");
    await desk.press("Deny");
    await desk.sees("Your denial is recorded.");
  });

  it("do not fold where some of them could not be read", async () => {
    const command = `echo ${"building step ok ".repeat(60)}; rm -rf "/ ; echo`;
    const risks = [{ risk: "unassessed", pointer: "", match: command.slice(0, 200), cut: true }];
    await desk.follow(desk.linkTo(desk.held({ arguments: JSON.stringify({ command }), risks })));
    await desk.reason().waitFor();
    expect(await desk.page.locator(".tree mark").allTextContents()).toEqual([command.slice(0, 200)]);
    expect(await desk.textOf(".tree .value")).toBe(command);
  });

  it("are shown as their text when they are no JSON, or very deep", async () => {
    await desk.follow(desk.linkTo(desk.held({ arguments: '{"cut": "off', risks: [] })));
    await desk.sees('{"cut": "off');
    const deep = `${"[".repeat(3000)}${"]".repeat(3000)}`;
    const approval = desk.held({ id: "deep-1", arguments: deep, risks: [] });
    await desk.page.evaluate((fragment) => location.assign(fragment), new URL(desk.linkTo(approval)).hash);
    await desk.sees("[[[[[[");
    expect(desk.complaints).toEqual([]);
  });
});

describe("text that an attacker wrote", () => {
  it("is shown as text, with what cannot be seen or misleads made visible", async () => {
    const markup = "<img src=x onerror=\"window.pwned=1;alert('img')\"><script>window.pwned=1;alert('script')</script>";
    desk.held({
      ...fullStory(),
      requester: { kind: "workload", name: `${markup}ci`, id: markup, client: markup, initiator: markup },
      agent: { name: markup, version: markup },
      tool: { name: `create_role${markup}`, description: markup },
      arguments: JSON.stringify({
        [markup]: markup,
        url: "javascript:alert(1)",
        file: "report\u202Efdp.exe",
        zero: "ad\u200Bmin",
        lines: "a\nb",
        host: "p\u0430ypal.com",
      }),
      risks: [{ risk: markup, pointer: "/file", match: "exe" }],
      policies: [{ id: markup, reason: markup }],
      decisions: [{ by: markup, verdict: "approve", reason: markup, at: new Date().toISOString() }],
    });
    await desk.follow(`${desk.front.url}/console/#/approvals/${[...desk.api.approvals.keys()][0]}`);
    await desk.reason().waitFor();
    expect(await desk.textOf("h1")).toContain(markup);
    expect(await desk.textOf(".tree .key")).toBe(markup);
    expect(await desk.textOf(".tree .value")).toBe(markup);
    expect(await desk.page.locator(".tree .unseen").allTextContents()).toEqual(["U+202E", "U+200B", "\\n", "U+0430"]);
    expect(await desk.textOf(".tree")).not.toMatch(/[\u202E\u200B\u0430]/);
    const alive = "main img, main script, main iframe, main [onerror], main [href^=javascript]";
    expect(await desk.page.locator(alive).count()).toBe(0);
    await desk.page.waitForTimeout(500);
    expect(await desk.page.evaluate(() => "pwned" in window)).toBe(false);
    expect(desk.dialogs).toEqual([]);
    expect(desk.complaints).toEqual([]);
    await desk.shot("attack");
  });

  it("is judged by its whole words, wherever a mark ends", async () => {
    const risks = [{ risk: "network-egress", pointer: "/host", match: "evil.exampl" }];
    await desk.follow(desk.linkTo(desk.held({ arguments: JSON.stringify({ host: "evil.exampl\u0435" }), risks })));
    await desk.reason().waitFor();
    expect(await desk.textOf(".tree .value")).toBe("evil.examplU+0435");
    expect(await desk.page.locator(".tree mark").allTextContents()).toEqual(["evil.exampl"]);
  });

  it("is drawn in its own order, whichever way its letters are written", async () => {
    const path = "/srv/\u05d0/../1/\u05d1";
    desk.held({
      arguments: JSON.stringify({ [path]: path }),
      tool: named(path),
      risks: [{ risk: "external-write", pointer: `/${path.replaceAll("/", "~1")}`, match: "/../1" }],
    });
    await desk.follow(`${desk.front.url}/console/#/approvals/${[...desk.api.approvals.keys()][0]}`);
    await desk.reason().waitFor();
    await desk.shot("right-to-left-phone");
    for (const place of [".tree .key", ".tree .value", ".risks code", "h1"])
      expect(await desk.page.evaluate(drawnText, place), place).toBe((await desk.textOf(place)).replaceAll(" ", ""));
  });

  it("could not run even if it became markup: the policy of the page forbids it", async () => {
    await desk.follow(desk.linkTo(desk.held()));
    await desk.reason().waitFor();
    await desk.page.evaluate(() => {
      const holder = document.createElement("div");
      holder.innerHTML = '<img src="data:," onerror="window.pwned=1">';
      document.body.append(holder);
      const script = document.createElement("script");
      script.textContent = "window.pwned=1";
      document.body.append(script);
    });
    await desk.page.waitForTimeout(300);
    expect(await desk.page.evaluate(() => "pwned" in window)).toBe(false);
    expect(desk.complaints.join()).toContain("Content Security Policy");
  });
});

/** The text of an element in the order in which its characters are drawn, from left to right, line by line. Runs in the page. */
function drawnText(selector: string): string {
  const drawn: { character: string; line: number; left: number }[] = [];
  const place = document.querySelector(selector) ?? document.body;
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
    [...(node.textContent ?? "")].forEach((character, at) => {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const { bottom, left } = range.getBoundingClientRect();
      drawn.push({ character, line: Math.round(bottom / 12), left });
    });
  return drawn
    .sort((a, b) => a.line - b.line || a.left - b.left)
    .map(({ character }) => character.trim())
    .join("");
}
