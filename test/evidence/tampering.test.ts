import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../bench/measure.ts";
import { digestKey, HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { verifyEvidence } from "../../lambdas/domain/evidence/verify/verify.ts";
import { type Archive, makeArchive, START, sourceOf } from "./support/archive.ts";
import { drawFrom, LATER_KEY, TAMPERINGS } from "./support/tamperings.ts";

/** Tamperings in all; `npm run test:faults` does the long run. */
const RUNS = process.env.FAULTS_LONG ? 1000 : 150;
const archive = await makeArchive();
const kinds = Object.entries(TAMPERINGS);

const verdictOf = ({ masked, sealed }: Archive, until: number | null = archive.until, from: number | null = null) =>
  verifyEvidence({
    masked: sourceOf(masked),
    sealed: sourceOf(sealed),
    keys: [archive.key.publicKey, LATER_KEY.publicKey],
    validFrom: new Map([
      [archive.key.publicKey, START],
      [LATER_KEY.publicKey, START + 4 * HOUR],
    ]),
    from,
    until,
  });
const copyOf = (): Archive => ({ ...archive, masked: new Map(archive.masked), sealed: new Map(archive.sealed) });

test("docs/evidence.md says how many kinds are tried", () => {
  expect(readFileSync("docs/evidence.md", "utf8")).toContain(`tamperings of ${kinds.length} kinds`);
});

describe("verifying names what somebody who lacks the keys", () => {
  test.each(kinds)("%s", async (_, tampering) => {
    const each = Math.ceil(RUNS / kinds.length);
    for (let seed = 1; seed <= each; seed += 1) {
      const copy = copyOf();
      const touched = await tampering(copy, drawFrom(seededRandom(seed)));
      const verdict = await verdictOf(copy);
      expect(verdict.ok, `seed ${seed}: ${touched}`).toBe(false);
      expect(touched).not.toBe("");
      expect(
        verdict.findings.filter(({ what }) => what.includes(touched)),
        `seed ${seed}: names ${touched}`,
      ).not.toEqual([]);
    }
  });
});

/** Takes all that both vaults hold of some hours: the archive has those from 05 to 08. */
function withoutHours(...gone: readonly string[]): Archive {
  const copy = copyOf();
  for (const objects of [copy.masked, copy.sealed])
    for (const key of [...objects.keys()]) if (gone.some((hour) => key.includes(`/hh=${hour}/`))) objects.delete(key);
  return copy;
}

describe("verifying from an hour on", () => {
  const begins = START + HOUR;
  const missingOf = async (copy: Archive, from = begins, until: number | null = archive.until) => {
    const { ok, findings } = await verdictOf(copy, until, from);
    const missing = findings.filter(({ kind, outcome }) => kind === "digests" && outcome === "missing");
    return { ok, hours: missing.map(({ what }) => what.slice(22, 27)) };
  };

  test("finds nothing where nothing was touched", async () => {
    expect(await missingOf(copyOf())).toEqual({ ok: true, hours: [] });
    expect(await missingOf(withoutHours("05")), "an hour before it").toEqual({ ok: true, hours: [] });
  });

  test.each([
    { gone: ["06"], hours: ["hh=06"] },
    { gone: ["06", "07"], hours: ["hh=06", "hh=07"] },
    { gone: ["06", "07", "08"], hours: ["hh=06", "hh=07", "hh=08"] },
    // Of the copy's own beginning nobody knows how far back it went: the one that is named is surely missing.
    { gone: ["05", "06", "07"], hours: ["hh=07"] },
  ])("names the hours of $gone that are gone whole from its beginning", async ({ gone, hours }) => {
    expect(await missingOf(withoutHours(...gone))).toEqual({ ok: false, hours });
  });

  test("names them too where nobody says until when", async () => {
    expect(await missingOf(withoutHours("06", "07"), begins, null)).toEqual({ ok: false, hours: ["hh=06", "hh=07"] });
  });

  test("names them too where the first digest that is left was touched", async () => {
    const copy = withoutHours("06");
    copy.masked.set(digestKey(START + 2 * HOUR), Buffer.from("half a downl"));
    expect(await missingOf(copy)).toEqual({ ok: false, hours: ["hh=06"] });
  });

  test.each([
    { touched: ["06"], gone: ["07"], hours: ["hh=07"] },
    { touched: ["05", "07"], gone: ["06"], hours: ["hh=06"] },
    { touched: ["08"], gone: ["06", "07"], hours: ["hh=06", "hh=07"] },
  ])("names the hours of $gone that are gone behind or before digests that were touched", async (change) => {
    const copy = withoutHours(...change.gone);
    for (const hour of change.touched) copy.masked.set(digestKey(START + (Number(hour) - 5) * HOUR), Buffer.from("{}"));
    expect(await missingOf(copy, START)).toEqual({ ok: false, hours: change.hours });
  });

  test("looks at all that lies in the hour in which it begins", async () => {
    const copy = copyOf();
    const key = [...copy.masked.keys()].find((name) => /^transcripts\/.*hh=06\/.*\.jsonl\.gz$/.test(name)) ?? "";
    copy.masked.set(key.replace(/[^/]+$/, "planted.jsonl.gz"), Buffer.from("rubbish"));
    const { ok, findings } = await verdictOf(copy, archive.until, START + 1.5 * HOUR);
    expect([ok, findings.some(({ what }) => what.includes("planted"))]).toEqual([false, true]);
  });

  test("asks for nothing before the first digest that was ever written", async () => {
    expect(await missingOf(copyOf(), START - 30 * HOUR)).toEqual({ ok: true, hours: [] });
  });

  test.each(kinds)("names in its hours what somebody does who lacks the keys: %s", async (_, tampering) => {
    for (let seed = 1; seed <= Math.ceil(RUNS / kinds.length); seed += 1) {
      const copy = copyOf();
      const touched = await tampering(copy, drawFrom(seededRandom(seed)));
      const verdict = await verdictOf(copy, archive.until, START);
      expect(
        verdict.findings.filter(({ what }) => what.includes(touched)),
        `seed ${seed}: names ${touched}`,
      ).not.toEqual([]);
    }
  });
});

describe("what verifying cannot name, as docs/evidence.md says", () => {
  test("a tail that is gone whole, when nobody says until when there must be digests", async () => {
    const copy = copyOf();
    for (const objects of [copy.masked, copy.sealed])
      for (const key of [...objects.keys()]) if (key.includes("hh=08")) objects.delete(key);
    expect((await verdictOf(copy, null)).ok).toBe(true);
    expect((await verdictOf(copy)).ok).toBe(false);
  });

  test("objects that no digest has sealed yet, and that are gone", async () => {
    const copy = copyOf();
    const last = START + 3 * HOUR;
    for (const key of [...copy.masked.keys()])
      if (key.startsWith("digests/") && key.includes("hh=08")) copy.masked.delete(key);
    const whole = await verdictOf(copy, last);
    expect(whole.notYetSealed.length).toBeGreaterThan(1);
    // Its writers' last records: nothing follows that would name them.
    for (const key of whole.notYetSealed) copy.masked.delete(key);
    expect((await verdictOf(copy, last)).ok).toBe(true);
  });
});
