import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storyHtml } from "../../bin/story-html.ts";
import { spell, storyText } from "../../bin/story-text.ts";
import { table } from "../../bin/table.ts";
import { visible, visibleJson } from "../../bin/visible.ts";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { storyOf } from "../../lambdas/domain/evidence/story.ts";
import { launchBrowser } from "../console/browser.ts";
import { bodyWith, recordMaker, someApproval, somebody } from "../support/records.ts";

const HOSTILE = [
  "<script>window.ran = 1; document.title = 'ran'</script>",
  "<img src=x onerror=\"window.ran = 1\"><svg onload='window.ran = 1'>",
  "</pre></dd></dl></style></title><script>window.ran = 1</script>",
  "\"><iframe srcdoc='<script>parent.ran = 1</script>'></iframe><a href='javascript:ran=1'>x</a>",
  "<meta http-equiv=refresh content='0;url=https://attacker.test/'><link rel=stylesheet href=https://attacker.test/x.css>",
  "\u202egnp.exe\u2066 hidden \u200b\u{e0041}",
  "\u001b[2J\u001b]0;owned\u0007\u009b31m\r\nSession forged: 0 records",
  "{{constructor.constructor('window.ran=1')()}}<style>*{display:none}</style>",
];

/** A record in which every text that others write is this one. */
function hostileRecord(make: ReturnType<typeof recordMaker>, text: string): LedgerRecord {
  return make({
    type: "approval.decided",
    session: text,
    call: text,
    server: text,
    method: text,
    target: text,
    outcome: text,
    reason: text,
    principal: somebody("dana", { name: text, client: text, initiator: text, delegation: [text] }),
    source: { ip: text, userAgent: text, requestId: text },
    headers: { [text]: text },
    decision: { kind: "deny", policies: [text], reason: text },
    risks: [text],
    breakGlass: text,
    grant: { id: text, approval: text, expiresAt: text, reach: text },
    approval: someApproval({ id: text, group: text, by: text, verdict: text, reason: text, scope: text }),
    request: bodyWith(text),
    response: bodyWith(text.repeat(40), {
      findings: [{ kind: text, pointer: text, start: 0, length: 1, tag: text }],
      findingCount: 1,
    }),
    revealed: text,
  });
}

const stories = () => {
  const make = recordMaker();
  return HOSTILE.map((text) => storyOf(text, [hostileRecord(make, text)], new Map()));
};

describe("the page that is handed over", () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  const asked: string[] = [];
  const said: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "countersign-page-"));
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on("request", (request) => asked.push(request.url()));
    page.on("dialog", (dialog) => said.push(dialog.message()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("console", (message) => said.push(message.text()));
    const file = join(folder, "story.html");
    await writeFile(file, storyHtml(stories(), "2026-03-04T06:00:00.000Z", "the masked archive"));
    await page.goto(pathToFileURL(file).href);
    await page.waitForLoadState("networkidle");
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  test("runs nothing of what callers and servers wrote, and asks for nothing", async () => {
    expect(await page.evaluate("typeof window.ran")).toBe("undefined");
    expect(await page.title()).toBe("Countersign: what happened");
    expect(asked).toHaveLength(1);
    expect(said).toEqual([]);
    const foreign = "script, img, svg, iframe, link, a, form, object, embed, base, [onload], [onerror], [style]";
    expect(await page.locator(foreign).count()).toBe(0);
    expect(await page.locator("style").count()).toBe(1);
  });

  test("forbids by itself what it does not do", async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = 1";
      document.body.append(script);
      return "ran" in window;
    });
    expect(ran).toBe(false);
    expect(said.join()).toContain("Content Security Policy");
  });

  test("shows every text as it was written, and names what cannot be seen", async () => {
    const text = await page.locator("main").evaluate((element) => element.textContent ?? "");
    for (const hostile of HOSTILE.filter((one) => one.startsWith("<"))) expect(text).toContain(hostile);
    expect(text).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]|[^\P{Cc}\n\t]/u);
    expect(await page.locator(".unseen").allTextContents()).toEqual(
      expect.arrayContaining(["U+202E", "U+2066", "U+200B", "U+E0041", "U+001B", "U+009B", "U+000D"]),
    );
  });

  test("is styled, and folds what is long", async () => {
    expect(
      await page
        .locator("li.step")
        .first()
        .evaluate((li) => getComputedStyle(li).borderLeftWidth),
    ).toBe("4px");
    const [details] = await page.locator("details").all();
    expect(await details?.locator("pre").isVisible()).toBe(false);
    await details?.locator("summary").click();
    expect(await details?.locator("pre").isVisible()).toBe(true);
  });
});

describe("what a terminal is given", () => {
  // Everything but what is printed as it is: a line break of our own.
  const STEERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

  test("holds nothing that steers it, whatever the records hold", () => {
    for (const story of stories()) expect(storyText(story).replaceAll("\n", "")).not.toMatch(STEERS);
    expect(storyText(stories()[6] as ReturnType<typeof storyOf>)).not.toMatch(/^Session forged/m);
  });

  test("neither do the tables of a query", () => {
    const rows = HOSTILE.map((text) => ({ text, [text]: { text } }));
    expect(table(rows).split("\n")).toHaveLength(HOSTILE.length + 2);
    expect(table(rows).replaceAll("\n", "")).not.toMatch(STEERS);
  });

  test("any text at all becomes harmless, and JSON stays equal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(visible(text)).not.toMatch(STEERS);
        const json = visibleJson(JSON.stringify({ [text]: text }));
        expect(json).not.toMatch(STEERS);
        expect(JSON.parse(json)).toEqual({ [text]: text });
      }),
    );
  });

  test("tells pauses in words", () => {
    expect([0, 900, 61_000, 3_600_000, 90_061_000].map(spell)).toEqual([
      "0 ms",
      "900 ms",
      "1 min 1 s",
      "1 h",
      "1 d 1 h",
    ]);
  });
});
