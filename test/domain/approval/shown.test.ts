import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { shownArguments } from "../../../lambdas/domain/approval/shown.ts";
import type { Json } from "../../../lambdas/domain/json/json.ts";
import { compileMasking, credentialRules, maskJson } from "../../../lambdas/domain/masking/index.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const token = ["ghp", "R4nd0mT0kenThatLooksLikeOne0123456789"].join("_");
const rules = credentialRules(
  compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml")),
);

function shown(value: Json) {
  const { text, findings } = maskJson(JSON.stringify(value), rules, () => "");
  const masked = JSON.parse(text) as Json;
  return shownArguments(value, masked, findings);
}

describe("arguments as an approver sees them", () => {
  test("are in clear but for credentials, of which kind and length are told", () => {
    const value = { to: ["ann@example.com", "+44 20 7946 0018"], note: `use ${token} for it`, count: 3, none: null };
    expect(shown(value)).toEqual({ ...value, note: "use [GITHUB_TOKEN, 41 characters] for it" });
  });

  test("show no credential that is encoded, or is the name of a member", () => {
    const value = {
      script: `echo ${Buffer.from(`export GITHUB_TOKEN=${token}`).toString("base64")} | base64 -d`,
      headers: { [token]: { inner: `also ${token}`, to: "ann@example.com" } },
    };
    const text = JSON.stringify(shown(value));
    expect(text).not.toContain(token);
    expect(text).not.toContain(Buffer.from(token).toString("base64").slice(8, 40));
    expect(text).toContain("ann@example.com");
  });
});
