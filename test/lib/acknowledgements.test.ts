import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { acknowledgedBelow } from "../../lib/acknowledge.ts";
import { ACKNOWLEDGEMENTS_FILE, acknowledgements } from "../../lib/acknowledgements.ts";
import { synthesize } from "./template.ts";

const { app } = synthesize();

test("docs/acknowledgements.md is what the stacks say: npm run acknowledgements", () => {
  expect(readFileSync(ACKNOWLEDGEMENTS_FILE, "utf8")).toBe(acknowledgements(app));
});

test("every acknowledgement has a reason that can be read, and none stands at a whole stack", () => {
  const all = acknowledgedBelow(app);
  expect(all.length).toBeGreaterThan(10);
  for (const { path, rule, reason } of all) {
    expect(reason.length, `${path} ${rule}`).toBeGreaterThan(25);
    expect(path, rule).toContain("/");
  }
});
