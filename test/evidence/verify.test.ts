import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { digestKey, HOUR } from "../../lambdas/domain/evidence/digest.ts";
import { type VerifyOptions, verifyEvidence } from "../../lambdas/domain/evidence/verify/verify.ts";
import { type Archive, makeArchive, type Objects, START, sourceOf, testKey } from "./support/archive.ts";

const archive = await makeArchive();

/** The archive with changes of a copy of it. */
async function verdictAfter(change: (copy: Archive) => void, options: Partial<VerifyOptions> = {}) {
  const copy = { ...archive, masked: new Map(archive.masked), sealed: new Map(archive.sealed) };
  change(copy);
  return verifyEvidence({
    masked: sourceOf(copy.masked),
    sealed: sourceOf(copy.sealed),
    keys: [archive.key.publicKey],
    from: null,
    until: archive.until,
    ...options,
  });
}
const named = (verdict: Awaited<ReturnType<typeof verdictAfter>>) =>
  verdict.findings.map(({ kind, outcome, what }) => `${kind} ${outcome} ${what}`);
const keysUnder = (prefix: string) => [...archive.masked.keys()].filter((key) => key.startsWith(prefix)).sort();
const transcripts = keysUnder("transcripts/");
const textOf = (key: string) => gunzipSync(archive.masked.get(key) ?? "").toString();

describe("an archive that nobody touched", () => {
  test("is ok, in both vaults, with every record counted", async () => {
    const verdict = await verdictAfter(() => undefined);
    expect(verdict.findings).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(verdict.counts.digests.ok).toBe(4);
    expect(verdict.counts.objects.ok).toBe(transcripts.length * 2);
    expect(verdict.counts.bodies.ok).toBeGreaterThanOrEqual(8);
    expect(verdict.counts.records.ok).toBe(archive.recordIds.length + 4);
    expect(verdict.covers).toMatchObject({ from: "2026-03-04T05:00:00.000Z", until: "2026-03-04T08:00:00.000Z" });
  });

  test("is ok while a record of the last hour is still on its way, and says so", async () => {
    const lastHour = await makeArchive({ hours: 1, perObject: 100 });
    const [key = ""] = [...lastHour.masked.keys()].filter((name) => name.startsWith("transcripts/"));
    // The same archive before its only digest: an object that waits, without the middle of a writer's numbers.
    const lines = gunzipSync(lastHour.masked.get(key) ?? "")
      .toString()
      .trimEnd()
      .split("\n");
    const late = lines.findIndex((line) => line.includes('"seq":2}'));
    const waiting: Objects = new Map([
      [
        key,
        gzipSync(
          lines
            .toSpliced(late, 1)
            .map((line) => `${line}\n`)
            .join(""),
        ),
      ],
    ]);
    for (const [name, bytes] of lastHour.masked) if (name.startsWith("bodies/")) waiting.set(name, bytes);
    const keys = [lastHour.key.publicKey];
    const verdict = await verifyEvidence({ masked: sourceOf(waiting), sealed: null, keys, from: null, until: null });
    expect(verdict).toMatchObject({ findings: [], notYetSealed: [key] });
    expect(verdict.cannotProve.join("\n")).toMatch(/that 1 numbers of writers which are not here/);
  });

  test("is ok although its writers' clocks jumped back: their numbers are the order", async () => {
    const { masked, sealed, key, until } = await makeArchive({ jumpsBack: 0.2, seed: 9 });
    const sources = { masked: sourceOf(masked), sealed: sourceOf(sealed), keys: [key.publicKey] };
    expect((await verifyEvidence({ ...sources, from: null, until })).findings).toEqual([]);
  });

  test("says what it cannot prove", async () => {
    const verdict = await verdictAfter(() => undefined, { sealed: null, until: null, from: START + HOUR });
    expect(verdict.ok).toBe(true);
    expect(verdict.cannotProve.join("\n")).toMatch(
      /--until[\s\S]*--from[\s\S]*sealed vault[\s\S]*their writers opened/,
    );
  });

  test("is ok under a key that signs from its first hour on; no digest of an hour before a key's first counts", async () => {
    const from = (time: number) => ({ validFrom: new Map([[archive.key.publicKey, time]]) });
    expect((await verdictAfter(() => undefined, from(START))).ok).toBe(true);
    const later = await verdictAfter(() => undefined, from(START + 2 * HOUR));
    expect(named(later).filter((line) => line.startsWith("digests"))).toEqual([
      `digests bad-signature ${digestKey(START)}`,
      `digests bad-signature ${digestKey(START + HOUR)}`,
    ]);
    // What nobody can read as a time lets nothing through.
    expect((await verdictAfter(() => undefined, from(Number.NaN))).counts.digests.ok).toBe(0);
  });

  test("is not ok under another key", async () => {
    const verdict = await verdictAfter(() => undefined, { keys: [testKey().publicKey] });
    expect(named(verdict).filter((line) => line.startsWith("digests bad-signature"))).toHaveLength(4);
    expect(verdict.covers.from).toBeNull();
  });
});

describe("a file that somebody planted stops no verification", () => {
  const genuine = JSON.parse(gunzipSync(archive.masked.get(digestKey(START)) ?? "").toString());
  const withDigest = (change: object) => JSON.stringify({ ...genuine, digest: { ...genuine.digest, ...change } });
  const digests: readonly string[] = [
    "null",
    "7",
    '{"digest":null,"signature":"x"}',
    '{"digest":{},"signature":"x"}',
    '{"digest":{"purpose":"countersign-digest"},"keyId":"k","signature":"x"}',
    withDigest({ purpose: null }),
    withDigest({ key: 7 }),
    withDigest({ hour: "soon" }),
    withDigest({ contents: null }),
    withDigest({ contents: { key: null, hash: "x" } }),
    withDigest({ previous: { hour: "soon", hash: "x" } }),
    withDigest({ previous: "x" }),
    withDigest({ root: "\ud800" }),
    withDigest({ more: "\ud800" }),
    withDigest({}).replace('"objects":', '"objects":1e999,"was":'),
    withDigest({ more: 7 }).replace('"more":7', `"more":${"[".repeat(200_000)}${"]".repeat(200_000)}`),
    JSON.stringify({ ...genuine, signature: 7 }),
  ];
  test.each(digests)("in a digest's place: %.70s", async (text) => {
    const verdict = await verdictAfter(({ masked }) => masked.set(digestKey(START + HOUR), gzipSync(text)));
    expect(named(verdict)).toContain(`digests altered ${digestKey(START + HOUR)}`);
    expect(verdict.counts.digests.ok).toBe(3);
  });

  const writer = { id: "w", seq: 0, previous: "" };
  const record = { id: "r", type: "call.received", component: "gateway", writer };
  const records: readonly (readonly [string, object])[] = [
    ["an opening without a key", { ...record, signer: null }],
    ["an opening whose key is no text", { ...record, type: "writer.opened", signer: { publicKey: 7 } }],
    ["an end of no lane", { ...record, closed: null }],
    ["an order about nothing", { ...record, quarantined: null }],
    ["a copy of nothing", { ...record, quarantined: { record: "r", hash: 7, copy: null } }],
    ["a number that is none", { ...record, writer: { ...writer, seq: "many" } }],
    ["a fraction of a number", { ...record, writer: { ...writer, seq: -0.5 } }],
    ["a body whose key is a number", { ...record, request: { key: 7, sealedHash: null } }],
    [
      "a body whose key no vault takes",
      { ...record, request: { key: `bodies/${"x".repeat(2000)}`, sealedHash: null } },
    ],
  ];
  test.each(records)("in an object's place, a record with %s", async (_, planted) => {
    const key = "transcripts/dt=2026-03-04/hh=08/planted.jsonl.gz";
    const text = JSON.stringify(planted).replace(/\}?$/, `,"signature":"${"A".repeat(86)}"}\n`);
    const verdict = await verdictAfter(({ masked }) => masked.set(key, gzipSync(text)));
    expect(named(verdict)).toEqual([`records altered ${key}, line 1`]);
  });
});

describe("what was done to an archive is named", () => {
  const [victim = ""] = transcripts;

  test("one byte of a record: the object is altered, and the record's number is missing or its signature wrong", async () => {
    const verdict = await verdictAfter(({ masked }) =>
      masked.set(victim, gzipSync(textOf(victim).replace('"outcome":"received"', '"outcome":"recieved"'))),
    );
    const { id } = JSON.parse(
      textOf(victim)
        .split("\n")
        .find((line) => line.includes('"outcome":"received"')) ?? "",
    );
    expect(named(verdict)).toContain(`objects altered ${victim}`);
    expect(named(verdict)).toContain(`records bad-signature ${id}`);
  });

  test("an object that is gone: it is missing, and its writers' numbers have gaps", async () => {
    const verdict = await verdictAfter(({ masked }) => masked.delete(victim));
    expect(named(verdict)).toContain(`objects missing ${victim}`);
    expect(verdict.counts.records.gap).toBeGreaterThan(0);
  });

  test("an object at another place is moved, wherever that is", async () => {
    for (const elsewhere of [victim.replace("hh=05", "hh=06"), "elsewhere/file.gz"]) {
      const verdict = await verdictAfter(({ masked }) => {
        masked.set(elsewhere, masked.get(victim) ?? Buffer.alloc(0));
        masked.delete(victim);
      });
      expect(named(verdict)).toEqual([`objects moved ${victim}`]);
    }
  });

  test("an object of the sealed vault", async () => {
    const verdict = await verdictAfter(({ sealed }) => {
      sealed.set(victim, gzipSync("{}"));
      sealed.delete(transcripts[1] ?? "");
    });
    expect(named(verdict).sort()).toEqual([
      `objects altered ${victim} (sealed vault)`,
      `objects missing ${transcripts[1]} (sealed vault)`,
    ]);
  });

  test("a body of its own, masked or sealed", async () => {
    const [first = "", second = "", third = ""] = keysUnder("bodies/");
    const verdict = await verdictAfter(({ masked, sealed }) => {
      masked.set(first, gzipSync('{"text":"other","findings":[]}'));
      masked.delete(second);
      sealed.set(third, gzipSync("another seal"));
    });
    const bodies = new Set(named(verdict).filter((line) => line.startsWith("bodies")));
    expect([...bodies].sort()).toEqual([
      `bodies altered ${first}`,
      `bodies altered ${third}`,
      `bodies missing ${second}`,
    ]);
  });

  test("a whole hour, with its digest", async () => {
    const verdict = await verdictAfter(({ masked }) => {
      for (const key of [...masked.keys()]) if (key.includes("hh=06")) masked.delete(key);
    });
    expect(named(verdict)).toContain(`digests missing ${digestKey(START + HOUR)}`);
    expect(verdict.counts.records.gap).toBeGreaterThan(0);
  });

  test("the head and the tail", async () => {
    const without = (hour: string) => (copy: Archive) => {
      for (const key of [...copy.masked.keys()]) if (key.includes(hour)) copy.masked.delete(key);
    };
    expect(named(await verdictAfter(without("hh=05")))).toContain(`digests missing ${digestKey(START)}`);
    expect(named(await verdictAfter(without("hh=08")))).toContain(`digests missing ${digestKey(START + 3 * HOUR)}`);
    expect((await verdictAfter(without("hh=08"), { until: null })).ok, "without --until a tail leaves no trace").toBe(
      true,
    );
  });

  test("a digest that is signed by somebody else, cut short, or lies at another hour", async () => {
    const [first, second] = [digestKey(START + HOUR), digestKey(START + 2 * HOUR)];
    const signed = JSON.parse(textOf(first));
    const forger = testKey();
    const forged = { ...signed, signature: forger.sign(JSON.stringify(signed.digest)) };
    expect(named(await verdictAfter(({ masked }) => masked.set(first, gzipSync(JSON.stringify(forged)))))).toContain(
      `digests bad-signature ${first}`,
    );
    expect(
      named(
        await verdictAfter(({ masked }) => masked.set(first, masked.get(first)?.subarray(0, 40) ?? Buffer.alloc(0))),
      ),
    ).toContain(`digests altered ${first}`);
    expect(
      named(await verdictAfter(({ masked }) => masked.set(second, masked.get(first) ?? Buffer.alloc(0)))),
    ).toContain(`digests moved ${second}`);
  });

  test("an object that no digest lists although later ones were written; one of the last hour only waits", async () => {
    const stranger = (hour: string) => victim.replace("hh=05", hour).replace(/[0-9a-f]{64}/, "f".repeat(64));
    const early = await verdictAfter(({ masked }) =>
      masked.set(stranger("hh=06"), masked.get(victim) ?? Buffer.alloc(0)),
    );
    expect(named(early)).toEqual([`objects unsealed ${stranger("hh=06")}`]);
    const late = await verdictAfter(({ masked }) =>
      masked.set(stranger("hh=08"), masked.get(victim) ?? Buffer.alloc(0)),
    );
    expect(late).toMatchObject({ ok: true, notYetSealed: [stranger("hh=08")] });
  });
});

describe("what a folder may hold besides", () => {
  test("files that are no part of the evidence are named, and change nothing", async () => {
    const verdict = await verdictAfter(({ masked }) => masked.set("notes.txt", Buffer.from("mine")));
    expect(verdict).toMatchObject({ ok: true, foreign: ["notes.txt"] });
  });

  test("half a download is altered, said plainly", async () => {
    const [victim = ""] = transcripts;
    const verdict = await verdictAfter(({ masked }) =>
      masked.set(victim, masked.get(victim)?.subarray(0, 100) ?? Buffer.alloc(0)),
    );
    expect(verdict.findings.find(({ what }) => what === victim)?.why).toContain("half a download");
  });

  test("an empty folder has nothing that can be vouched for", async () => {
    const verdict = await verdictAfter(({ masked }) => masked.clear());
    expect(verdict.ok).toBe(false);
    expect(verdict.findings).toMatchObject([{ outcome: "missing" }]);
  });
});
