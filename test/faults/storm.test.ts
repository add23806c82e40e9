import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../bench/measure.ts";
import { HOUR, hourOf } from "../../lambdas/domain/evidence/digest.ts";
import { type Life, pendingIn } from "../properties/support/world.ts";
import { decideSurely, FOR_MINUTES, type Heard, make, planOf } from "./support/clients.ts";
import { type Estate, openEstate } from "./support/estate.ts";
import { evidenceOf, verdictOf } from "./support/evidence.ts";
import { spared, weather } from "./support/fates.ts";
import { DIED } from "./support/mortal.ts";
import { answersAreOnRecord, archiveIsTheLedger, nothingRanUnrecorded, tallyOf } from "./support/promises.ts";
import { shakyStream } from "./support/shaky-stream.ts";
import { type SkewedClock, skewedClock } from "./support/skewed-clock.ts";

const LONG = process.env.FAULTS_LONG === "1";
const CALLS = Number(process.env.FAULTS_CALLS ?? (LONG ? 10_000 : 100));
const HOURS = LONG ? 8 : 2;
/** Calls under way at once, over environments that each have some. */
const TOGETHER = LONG ? 24 : 16;
const ENVIRONMENTS = 4;
const SEED = Number(process.env.FAULTS_SEED ?? Math.floor(performance.timeOrigin) % 1_000_000);
/** Times that a function may fail in a row until it counts as unable to recover. */
const MOST_TRIES = 200;
const MINUTE = 60_000;
/** Calls after which it says how far it is. */
const TOLD_EVERY = 500;

let clock: SkewedClock;
let estate: Estate;
let sound: Life;
beforeAll(async () => {
  clock = skewedClock();
  estate = await openEstate(clock);
  sound = await estate.world.live();
}, 120_000);
afterAll(async () => {
  clock?.stop();
  await estate?.stop();
}, 60_000);

const random = seededRandom(SEED);
const say = (text: string) => process.stdout.write(`storm: ${text}\n`);

/** Runs a task over and over until it is neither dead nor failed. */
async function untilDone<T>(what: string, task: () => Promise<T | typeof DIED>): Promise<{ value: T; tries: number }> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const value = await task().catch((error: Error) => {
      if (error.message.startsWith("it hangs")) throw error;
      return DIED as typeof DIED;
    });
    if (value !== DIED) return { value: value as T, tries };
  }
  throw new Error(`${what} never came to its end`);
}

test(
  `${CALLS} calls through faults of every kind lose nothing (FAULTS_SEED=${SEED})`,
  async () => {
    const started = performance.now();
    const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`;
    const patienceTried = LONG ? 0.04 : 0.03;
    const hard = { random, share: 0.03, longest: 8, patienceTried };
    const gateways = Array.from({ length: ENVIRONMENTS }, () => estate.gateway(weather({ ...hard, lifetime: 220 })));
    const archiver = estate.archiver(weather({ ...hard, share: 0.04, lifetime: 40 }));
    const recorder = estate.recorder(weather({ ...hard, share: 0.06, lifetime: 10 }));
    const digester = estate.digester(weather({ ...hard, share: 0.004, lifetime: LONG ? 400 : 60, patienceTried: 0 }));
    // It begins anew each time that it dies, over hundreds of calls: it must live to see their end now and then.
    const reconciler = estate.reconciler(
      weather({ ...hard, share: 0.003, lifetime: LONG ? 1000 : 150, patienceTried: 0 }),
      0,
    );
    const { aws, streams, people, publicUrl } = estate.world;
    const common = { aws, random, now: clock.trueNow, again: 0.08 };
    const ledger = shakyStream({
      ...common,
      streamArn: streams.ledger,
      shards: 4,
      largestBatch: LONG ? 200 : 40,
      disorder: 0.2,
      deliver: (event) => archiver.use((archive) => archive(event)),
    });
    const approvals = shakyStream({
      ...common,
      streamArn: streams.approvals,
      shards: 2,
      largestBatch: 10,
      disorder: 0,
      deliver: (event) => recorder.use((record) => record(event)),
    });

    const crowd = Array.from({ length: 20 }, () => people.developer());
    const whoever = (own: boolean) =>
      (own ? people.developer() : crowd[Math.floor(random() * crowd.length)]) ?? people.developer();
    const heard: Heard[] = [];
    let next = 0;
    const caller = async (until: number) => {
      while (next < until) {
        const number = next++;
        const gateway = gateways[number % ENVIRONMENTS];
        if (gateway === undefined) return;
        if (number % TOLD_EVERY === TOLD_EVERY - 1) say(`${number + 1} of ${CALLS} calls; ${seconds()}`);
        const plan = planOf(`n${number}-`, random, whoever);
        const first = await make(plan, gateway, publicUrl);
        heard.push(first);
        if (plan.tool !== "create_role" || !first.told?.text.includes("PENDING APPROVAL")) continue;
        const verdict = random() < 0.7 ? "approve" : "deny";
        const more = verdict === "approve" && random() < 0.5 ? FOR_MINUTES : {};
        await decideSurely(sound, people.approver(1), pendingIn(first.told), verdict, more);
        heard.push(await make(plan, gateway, publicUrl));
      }
    };

    // The first digest looks back a week, and the next ones two hours.
    await estate.digester(() => spared).use((digest) => digest({}));
    for (let hour = 1; hour <= HOURS; hour += 1) {
      const until = Math.round((CALLS * hour) / HOURS);
      let calling = true;
      const streaming = (async () => {
        while (calling) {
          await Promise.all([ledger.turn(), approvals.turn()]);
          await sleep(20);
        }
      })();
      // In every other hour the functions' clocks are behind, by more than a digest waits for what is late.
      if (hour % 2 === 0) clock.jump(-130 * MINUTE);
      await Promise.all(Array.from({ length: TOGETHER }, () => caller(until)));
      calling = false;
      say(`hour ${hour} of ${HOURS}: ${until} calls were made; ${seconds()}`);
      await streaming;
      clock.jump(0);
      // The reconciler waits longer than any call lasts; here, until nothing of those that died is under way.
      await Promise.all(gateways.map((gateway) => gateway.quiet()));
      await untilDone("the reconciler", () => reconciler.use((reconcile) => reconcile({})));
      clock.forward(HOUR);
      const { value, tries } = await untilDone("the digester", () => digester.use((digest) => digest({})));
      for (const { why, what } of value.findings) say(`hour ${hour}, the digester found: ${what}: ${why}`);
      const died = gateways.reduce((sum, { deaths }) => sum + deaths.length, 0);
      say(
        `${until} of ${CALLS} calls, ${ledger.told.changes} records streamed, ${died} gateways died; digest ${hour} after ${tries} tries; ${seconds()}`,
      );
    }

    // Whatever is still on its way arrives, and every function comes to its end, however often it dies.
    await Promise.all([...gateways, archiver, recorder].map((part) => part.quiet()));
    await approvals.drain();
    await ledger.drain();
    say(`everything has arrived; ${seconds()}`);
    await untilDone("the reconciler", () => reconciler.use((reconcile) => reconcile({})));
    await reconciler.quiet();
    await ledger.drain();
    await archiver.quiet();
    for (let digests = 0; digests < 2; digests += 1) {
      clock.forward(HOUR);
      await untilDone("the digester", () => digester.use((digest) => digest({})));
    }
    await digester.quiet();
    clock.forward(HOUR);
    await estate.digester(() => spared).use((digest) => digest({}));
    say(`everything is quiet; ${seconds()}`);

    const evidence = await evidenceOf(estate);
    const runs = nothingRanUnrecorded(estate, evidence);
    const count = answersAreOnRecord(estate, evidence, heard);
    archiveIsTheLedger(evidence);
    const verdict = await verdictOf(estate, hourOf(clock.trueNow()));
    const { records } = evidence;
    say(`${heard.length} calls: ${JSON.stringify(count)}; ${runs} reached the server`);
    say(
      `gateways died at ${tallyOf(
        gateways.flatMap(({ deaths }) => deaths),
        (operation) => operation.split(" ")[0] ?? "",
      )}`,
    );
    say(
      `deaths: ${archiver.deaths.length} archivers, ${recorder.deaths.length} recorders, ${digester.deaths.length} digesters, ${reconciler.deaths.length} reconcilers`,
    );
    say(`ledger stream ${JSON.stringify(ledger.told)}, approvals ${JSON.stringify(approvals.told)}`);
    say(
      `${records.length} records in ${evidence.archivedLines} archived lines: ${tallyOf(records, ({ type }) => type)}`,
    );
    say(
      `outcomes: ${tallyOf(
        records.filter(({ type }) => type === "call.completed" || type === "call.unresolved"),
        ({ outcome }) => outcome,
      )}`,
    );
    say(`verify: ok ${verdict.ok}, ${JSON.stringify(verdict.counts)}; ${seconds()}`);
    expect(verdict.findings).toEqual([]);
    expect(verdict.notYetSealed).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(verdict.counts.records.ok).toBe(evidence.archivedLines);
    // The storm was one: without these the rest would show little.
    expect(count.results).toBeGreaterThan(CALLS / 3);
    expect(archiver.deaths.length + recorder.deaths.length + digester.deaths.length).toBeGreaterThan(3);
    expect(records.some(({ type }) => type === "call.unresolved")).toBe(true);
  },
  LONG ? 3_600_000 : 400_000,
);
