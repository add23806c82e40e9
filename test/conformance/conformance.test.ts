import { beforeAll, describe, expect, test } from "vitest";
import { REVISIONS } from "./scenarios.ts";
import { compareServerSuites, type SuiteComparison } from "./server-suites.ts";

describe("the protocol's conformance suite, directly and through the gateway", () => {
  let suites: readonly SuiteComparison[] = [];
  beforeAll(async () => {
    suites = await compareServerSuites();
  }, 120_000);
  const scenariosOf = (revision: string) => suites.find((suite) => suite.revision === revision)?.scenarios ?? [];

  for (const revision of REVISIONS) {
    test(`${revision}: the reference server passes all that is scored`, () => {
      const scored = scenariosOf(revision).filter((entry) => entry.scored);
      expect(scored.filter((entry) => entry.direct.passed === 0 || entry.direct.failed > 0)).toEqual([]);
      expect(scored.length).toBeGreaterThan(0);
    });

    test(`${revision}: no check comes out differently through the gateway`, () => {
      const differing = scenariosOf(revision).filter((entry) => entry.differences.length > 0);
      expect(differing.map(({ name, differences }) => ({ name, differences }))).toEqual([]);
      expect(scenariosOf(revision).length).toBeGreaterThan(0);
    });
  }
});
