import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { acknowledgedBelow } from "../../lib/acknowledge.ts";
import { ACKNOWLEDGEMENTS_FILE, acknowledgements, LOOKED_AT } from "../../lib/acknowledgements.ts";
import { synthesize } from "./template.ts";

const apps = LOOKED_AT.map((configFile) => synthesize(configFile).app);

test("docs/acknowledgements.md is what the stacks say: npm run acknowledgements", () => {
  expect(readFileSync(ACKNOWLEDGEMENTS_FILE, "utf8")).toBe(acknowledgements(apps));
});

test("every acknowledgement has a reason that can be read, and none stands at a whole stack", () => {
  const all = apps.flatMap(acknowledgedBelow);
  expect(all.length).toBeGreaterThan(10);
  for (const { path, rule, reason } of all) {
    expect(reason.length, `${path} ${rule}`).toBeGreaterThan(25);
    expect(path, rule).toContain("/");
  }
});
