import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EVENT_CATALOGUE } from "../../lambdas/domain/evidence/event-catalogue.ts";
import { EVENT_CATALOGUE_FILE, eventCatalogue } from "../../lib/event-catalogue.ts";

test("docs/events.md is what the types say: npm run events", () => {
  expect(readFileSync(EVENT_CATALOGUE_FILE, "utf8")).toBe(eventCatalogue());
});

test("holds every type that the union names, each with a reason and a control by its own form", () => {
  const source = readFileSync("lambdas/domain/evidence/record.ts", "utf8");
  const union = /export type RecordType =([^;]+);/.exec(source)?.[1] ?? "";
  const types = [...union.matchAll(/"([a-z.-]+)"/g)].map(([, type]) => type);
  expect(Object.keys(EVENT_CATALOGUE).sort()).toEqual(types.sort());
  for (const { what, why, controls } of Object.values(EVENT_CATALOGUE)) {
    expect(what.length).toBeGreaterThan(10);
    expect(why.length).toBeGreaterThan(10);
    expect(controls.length).toBeGreaterThan(0);
    for (const control of controls) expect(control).toMatch(/^[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?$/);
  }
});
