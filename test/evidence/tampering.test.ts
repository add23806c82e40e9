import { describe, expect, test } from "vitest";
import { seededRandom } from "../../bench/measure.ts";
import { HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { verifyEvidence } from "../../lambdas/domain/evidence/verify/verify.ts";
import { type Archive, makeArchive, START, sourceOf } from "./support/archive.ts";
import { drawFrom, LATER_KEY, TAMPERINGS } from "./support/tamperings.ts";

/** Tamperings in all; `npm run test:faults` does the long run. */
const RUNS = process.env.FAULTS_LONG ? 1000 : 150;
const archive = await makeArchive();
const kinds = Object.entries(TAMPERINGS);

const verdictOf = ({ masked, sealed }: Archive, until: number | null = archive.until) =>
  verifyEvidence({
    masked: sourceOf(masked),
    sealed: sourceOf(sealed),
    keys: [archive.key.publicKey, LATER_KEY.publicKey],
    validFrom: new Map([
      [archive.key.publicKey, START],
      [LATER_KEY.publicKey, START + 4 * HOUR],
    ]),
    from: null,
    until,
  });
const copyOf = (): Archive => ({ ...archive, masked: new Map(archive.masked), sealed: new Map(archive.sealed) });

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
