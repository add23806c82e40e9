import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { shownArguments } from "../../../lambdas/domain/approval/shown.ts";
import { isCovered, shownRisk } from "../../../lambdas/domain/approval/shown-risk.ts";
import type { Json } from "../../../lambdas/domain/json/json.ts";
import { compileMasking, credentialRules, maskJson, maskText } from "../../../lambdas/domain/masking/index.ts";
import { assess, compileRisks, type RiskMatch } from "../../../lambdas/domain/risk/index.ts";
import { parseMasking } from "../../../lib/config/masking.ts";
import { parseRisks } from "../../../lib/config/risks.ts";

const token = ["ghp", "R4nd0mT0kenThatLooksLikeOne0123456789"].join("_");
const masking = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const risks = compileRisks(parseRisks(readFileSync("config/risks.yaml", "utf8"), "config/risks.yaml"));

function asked(value: Json) {
  const { text, findings: credentials } = maskJson(JSON.stringify(value), credentialRules(masking), () => "");
  const masked = JSON.parse(text) as Json;
  return { value, masked, credentials, shown: shownArguments(value, masked, credentials) };
}

const seenOf = (match: RiskMatch, value: Json) =>
  shownRisk(match, asked(value), (text) => maskText(text, masking, () => "").text);

/** What an approver sees of the risks of a tool that runs commands. */
const seen = (value: Json, name = "run_command") =>
  assess({ server: "ops", method: "tools/call", name, arguments: value }, risks).map((match) => seenOf(match, value));

describe("a risk's matched text", () => {
  const value = {
    command: `curl -H ${token} https://example.com`,
    [token]: { command: "rm -rf /" },
    plain: "rm -rf /",
    argv: ["curl", token],
  };
  const match = (pointer: string, start: number, length: number) => ({ pointer, start, length });

  test.each([
    ["over the credential itself", match("/command", 5, 12), true],
    ["beside it", match("/command", 0, 4), false],
    ["in another argument", match("/plain", 0, 8), false],
    ["under a name that is masked", match(`/${token}/command`, 0, 8), true],
    ["of words that stand apart", match("/argv", 0, 0), true],
    ["without a place of its own", match("", 0, 4), true],
  ])("%s is covered, or is not", (_, place, covered) => {
    expect(isCovered(place, asked(value))).toBe(covered);
  });

  test("is in clear where no credential lies over it", () => {
    expect(seen({ command: "ls && rm -rf /srv/ann@example.com" })).toEqual([
      { risk: "destructive", pointer: "/command", match: "rm -rf /srv/ann@example.com" },
    ]);
  });

  test("is told to be cut where it is only the beginning", () => {
    const [label, ids] = ["release-notes-".repeat(60), Array.from({ length: 600 }, (_, id) => id).join()];
    const harmless = "step ok ".repeat(120);
    expect(seen({ command: `env LABEL=${label} rm -rf /` })).toMatchObject([{ pointer: "/command", cut: true }]);
    expect(seen({ command: `sh -c 'echo ${harmless}; rm -rf /'` })).toMatchObject([{ risk: "destructive", cut: true }]);
    const [found] = seen({ sql: `SELECT 1 WHERE id IN (${ids}); DROP TABLE customers` }, "query");
    expect(found).toMatchObject({ risk: "destructive", pointer: "/sql", cut: true });
    expect(found?.match).toHaveLength(200);
  });

  test("is told to be cut in a text that was not read, which is about the call as a whole", () => {
    const unread = seen({ command: `echo ${"step ok ".repeat(120)}; rm -rf "/ ; echo` });
    expect(unread).toContainEqual(expect.objectContaining({ risk: "unassessed", pointer: "", cut: true }));
  });

  test.each(Array.from({ length: 45 }, (_, kept) => kept))(
    "shows nothing of a credential %i before its end",
    (kept) => {
      const value = { command: `rm -rf ${"a".repeat(192 - kept)} ${token} /tmp/x` };
      const [found] = seen(value);
      expect(found?.match).not.toContain(token.slice(0, 12));
      expect(JSON.stringify(asked(value).shown)).toContain(found?.match);
    },
  );

  test("that begins within a credential shows none of it", () => {
    const text = `${token.slice(20)} /tmp`;
    const found = { risk: "r", pointer: "/command", start: 20, length: text.length, text };
    expect(seenOf(found, { command: `${token} /tmp` }).match).toBe("[GITHUB_TOKEN, 41 characters] /tmp");
  });

  test.each([
    ["words that stand apart", { argv: ["rm", "-rf", token] }, "/argv"],
    ["the name of a member", { env: { [`rm -rf / ${token}`]: 1 } }, "/env"],
    ["what stands under such a name", { env: { [token]: { command: "rm -rf /" } } }, "/env"],
    ["decoded text", { command: Buffer.from(`rm -rf / ${token}`).toString("base64") }, "/command"],
    ["JSON in a text", { command: JSON.stringify({ password: "rm -rf /hunter2x" }) }, "/command"],
  ])("shows no credential in %s, and where it is as far as that can be told", (_, value, pointer) => {
    const found = seen(value);
    expect(found).toContainEqual(expect.objectContaining({ risk: "destructive", pointer, cut: true }));
    for (const secret of [token, token.slice(0, 20), "hunter2x"]) expect(JSON.stringify(found)).not.toContain(secret);
  });

  test("in a target shows no credential", () => {
    const found = { risk: "r", pointer: "", start: 0, length: 9, text: `https://x/${token}` };
    expect(seenOf(found, {}).match).toBe("https://x/[GITHUB_TOKEN]");
  });
});
