import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../bench/measure.ts";
import { HOUR, hourOf } from "../../lambdas/domain/evidence/digest.ts";
import { HARMLESS } from "../properties/support/world.ts";
import { decideSurely, FOR_MINUTES, type Heard, make, type Plan } from "./support/clients.ts";
import { type Estate, openEstate } from "./support/estate.ts";
import { evidenceOf, verdictOf } from "./support/evidence.ts";
import { type Fate, spared, struckAt } from "./support/fates.ts";
import type { Fault } from "./support/faulty-proxy.ts";
import { answersAreOnRecord, archiveIsTheLedger, nothingRanUnrecorded } from "./support/promises.ts";
import { shakyStream } from "./support/shaky-stream.ts";
import { type SkewedClock, skewedClock } from "./support/skewed-clock.ts";

/** The long form lets functions die before and after each request, and each request fail in every other way. */
const LONG = process.env.FAULTS_LONG === "1";
const FAULTS = ["dies-before", "dies-after", "lost", "unanswered", "throttled", "failed", "late"] as const;
/** What befalls a function's request of a number, by a name. The short form dies before one request and after the next. */
const SWEEPS: readonly (readonly [string, (at: number) => Fault])[] = LONG
  ? FAULTS.map((fault) => [fault, () => fault])
  : [["dies", (at) => (at % 2 === 1 ? "dies-before" : "dies-after")]];
/** More requests than any function makes; one that goes on for ever is a fault of its own. */
const MOST = 90;

let clock: SkewedClock;
let estate: Estate;
const heard: Heard[] = [];
beforeAll(async () => {
  clock = skewedClock();
  estate = await openEstate(clock);
}, 120_000);
afterAll(async () => {
  clock?.stop();
  await estate?.stop();
}, 60_000);

const random = seededRandom(7);
/** A fate for the first environment; those that come after it are spared. */
const firstOnly = (fate: Fate) => {
  let next = fate;
  return () => {
    const mine = next;
    next = spared;
    return mine;
  };
};

/**
 * Strikes the first request that a function makes, then the second, until it is through before it is struck.
 * @param act @returns whether the request was reached
 */
async function atEach(what: string, act: (fault: Fault, at: number) => Promise<boolean>): Promise<void> {
  const counts: string[] = [];
  for (const [name, faultAt] of SWEEPS)
    for (let at = 1; ; at += 1) {
      if (at > MOST) expect.fail(`${what} never came to its end`);
      if (await act(faultAt(at), at)) continue;
      counts.push(`${name} at ${at - 1}`);
      expect(at, `${what}: requests that were struck`).toBeGreaterThan(2);
      break;
    }
  process.stdout.write(`${what}: ${counts.join(", ")}\n`);
}

const watched = (fate: Fate) => {
  let struck = false;
  return {
    fate: firstOnly((asked) => {
      const fault = fate(asked);
      struck ||= fault !== undefined;
      return fault;
    }),
    struck: () => struck,
  };
};

const plan = (name: string, args: object = {}, tool: string = HARMLESS): Plan => ({
  who: estate.world.people.developer(),
  era: "modern",
  tool,
  args: { name, ...args },
});
/** The ledger's stream, read from its beginning on, and the archiver that has its batches now. */
let archiver: ReturnType<Estate["archiver"]>;
let ledger: ReturnType<typeof shakyStream>;
beforeAll(() => {
  archiver = estate.archiver(() => spared);
  ledger = shakyStream({
    aws: estate.world.aws,
    streamArn: estate.world.streams.ledger,
    random,
    shards: 1,
    largestBatch: 12,
    again: 0.3,
    disorder: 0.3,
    now: clock.trueNow,
    deliver: (event) => archiver.use((archive) => archive(event)),
  });
});

describe("wherever a function is struck, what was promised holds: strikes at", () => {
  test.each<[string, object, string]>([
    ["a call whose bodies are large and masked", { leaks: true, bytes: 20_000, filler: "z".repeat(20_000) }, HARMLESS],
    ["a call that is denied", {}, "delete_everything"],
  ])(
    "the gateway, cold, in %s",
    async (title, args, tool) => {
      await atEach(`gateway, ${title}`, async (fault, at) => {
        const { fate, struck } = watched(struckAt(at, fault));
        const gateway = estate.gateway(fate);
        heard.push(await make(plan(`${tool}-${fault}-${at}`, args, tool), gateway, estate.world.publicUrl));
        await gateway.quiet();
        return struck();
      });
    },
    600_000,
  );

  test("the recorder, each change of an approval told to it again", async () => {
    const gateway = estate.gateway(() => spared);
    const sound = await estate.world.live();
    const { people, publicUrl, aws, streams } = estate.world;
    let recorder = estate.recorder(() => spared);
    const stream = shakyStream({
      aws,
      streamArn: streams.approvals,
      random,
      shards: 1,
      largestBatch: 3,
      again: 0.3,
      disorder: 0,
      now: clock.trueNow,
      deliver: (event) => recorder.use((record) => record(event)),
    });
    await atEach("recorder", async (fault, at) => {
      const { fate, struck } = watched(struckAt(at, fault));
      recorder = estate.recorder(fate);
      const first = await make(plan(`asked-${fault}-${at}`, {}, "create_role"), gateway, publicUrl);
      heard.push(first);
      const id = first.told?.text.match(/PENDING APPROVAL (\S+)\./)?.[1] ?? "";
      await decideSurely(sound, people.approver(1), id, "approve", FOR_MINUTES);
      await stream.drain();
      return struck();
    });
  }, 600_000);

  test("the archiver, whose batches come again in other pieces", async () => {
    const gateway = estate.gateway(() => spared);
    await atEach("archiver", async (fault, at) => {
      for (const part of [1, 2])
        heard.push(await make(plan(`archived-${fault}-${at}-${part}`), gateway, estate.world.publicUrl));
      const { fate, struck } = watched(struckAt(at, fault));
      archiver = estate.archiver(fate);
      await ledger.drain();
      // It goes on with the next batch: two of them are enough.
      return struck() && at < 9;
    });
  }, 600_000);

  test("the reconciler, over calls whose gateway died", async () => {
    await atEach("reconciler", async (fault, at) => {
      // An hour of its own, so that it reads no more than the call that is open.
      clock.forward(HOUR);
      const gateway = estate.gateway(firstOnly(({ operation, number }) => dyingAtOutcome(operation, number)));
      heard.push(await make(plan(`open-${fault}-${at}`), gateway, estate.world.publicUrl));
      await gateway.quiet();
      await ledger.drain();
      const { fate, struck } = watched(struckAt(at, fault));
      const reconciler = estate.reconciler(fate, 0);
      for (let tries = 0; tries < 2; tries += 1)
        await reconciler.use((reconcile) => reconcile({ hours: 1 })).catch(() => undefined);
      return struck();
    });
  }, 600_000);

  test("the digester, hour by hour", async () => {
    await ledger.drain();
    await estate.digester(() => spared).use((digest) => digest({}));
    await atEach("digester", async (fault, at) => {
      clock.forward(HOUR);
      const { fate, struck } = watched(struckAt(at, fault));
      const digester = estate.digester(fate);
      for (let tries = 0; tries < 2; tries += 1) await digester.use((digest) => digest({})).catch(() => undefined);
      return struck();
    });
  }, 600_000);
});

/** Dies at the third put: the lane and the call's receipt are there, its outcome is not. */
const dyingAtOutcome = (() => {
  const puts = new Map<number, number>();
  return (operation: string, number: number): Fault | undefined => {
    if (number === 1) puts.clear();
    if (operation === "PutItem") puts.set(0, (puts.get(0) ?? 0) + 1);
    return puts.get(0) === 3 ? "dies-before" : undefined;
  };
})();

test("after all of it nothing is lost, and an auditor finds everything as it was signed", async () => {
  archiver = estate.archiver(() => spared);
  await ledger.drain();
  await estate.reconciler(() => spared, 0).use((reconcile) => reconcile({ hours: 240 }));
  await ledger.drain();
  for (let digests = 0; digests < 3; digests += 1) {
    clock.forward(HOUR);
    await estate.digester(() => spared).use((digest) => digest({}));
  }
  const evidence = await evidenceOf(estate);
  expect(nothingRanUnrecorded(estate, evidence)).toBeGreaterThan(10);
  const count = answersAreOnRecord(estate, evidence, heard);
  archiveIsTheLedger(evidence);
  const verdict = await verdictOf(estate, hourOf(clock.trueNow()));
  process.stdout.write(`deaths: ${JSON.stringify(count)}, verify ${JSON.stringify(verdict.counts)}\n`);
  expect(verdict).toMatchObject({ ok: true, findings: [], notYetSealed: [] });
}, 120_000);
