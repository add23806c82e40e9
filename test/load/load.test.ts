import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom, slope } from "../../bench/measure.ts";
import { vault } from "../../lambdas/aws/vault.ts";
import { localAws } from "../../local/aws.ts";
import { archiveIsTheLedger, tallyOf } from "../faults/support/promises.ts";
import { auditorsVerdict, readEvidence } from "../support/evidence.ts";
import { type Crowd, gatherCrowd } from "./support/crowd.ts";
import { EmulatorWatch } from "./support/emulator-watch.ts";
import { inWords, ownBytes, processorsSince, type Sample, watch } from "./support/figures.ts";
import { KINDS } from "./support/kinds.ts";
import { answersAreOnRecord, approvalsCameToAnEnd, everyRunIsOnRecord } from "./support/promises.ts";
import { settle } from "./support/settle.ts";
import { EXPIRES_AFTER, type LoadStack, startLoadStack } from "./support/stack.ts";
import { Tally } from "./support/tally.ts";
import { runTraffic } from "./support/traffic.ts";
import { type LoadServer, startLoadServer } from "./support/upstream.ts";

const LONG = process.env.LOAD_LONG === "1";
const SECONDS = LONG ? 60 * Number(process.env.LOAD_MINUTES ?? 30) : 20;
const SEED = Number(process.env.LOAD_SEED ?? Math.floor(performance.timeOrigin) % 1_000_000);
/** Before the first look: code is compiled, caches and pools are filled, every kind has come. */
const WARM_UP = LONG ? 60 : 8;
/** Each look collects the garbage of half a gigabyte, most of it CDK's. */
const SAMPLE_EVERY = 30_000;
const SIGN_IN_EVERY = 20 * 60_000;
/**
 * Share of two processors that the traffic keeps busy: the emulator is one process with one lock, and is the first to be
 * saturated. Three times the callers make no more calls than there are.
 */
const MOST_OF_TWO = 0.6;
/** Share of the calls that may meet an emulator which does not answer in time: in a short run one stall is many calls. */
const MOST_OVERLOADED = LONG ? 0.03 : 0.3;
/**
 * Bytes that may stay of a call. One that is kept by anything keeps its request, its answer and their records, some 10 KB;
 * so one call in ten that is kept is found.
 */
const MOST_A_CALL = 1000;
let upstream: LoadServer;
let stack: LoadStack;
let crowd: Crowd;
let emulator: EmulatorWatch;
const tally = new Tally();
let samples: Sample[] = [];
let first: Sample;
let last: Sample;
let controllers: number;
const say = (text: string) => process.stdout.write(`load: ${text}\n`);

beforeAll(async () => {
  upstream = await startLoadServer();
  stack = await startLoadStack(upstream.entry);
  const aws = localAws(stack.place.environment.AWS_ENDPOINT_URL ?? "");
  emulator = new EmulatorWatch(aws, stack.tables.approvals);
  crowd = await gatherCrowd({ stack, upstream, tally, emulator }, seededRandom(SEED));
  await crowd.signIn();
  // The first digest looks back a week, hour by hour, while the ledger is small.
  await stack.digest(new Date().toISOString());
}, 180_000);
afterAll(async () => {
  await crowd?.hangUp();
  await emulator?.stop();
  await stack?.stop();
  await upstream?.stop();
}, 60_000);

/** While the garbage of half a gigabyte is collected, nothing is answered. */
const look = async (): Promise<Sample> => ({ ...(await emulator.during(() => stack.level())), calls: tally.total });
let signedIn = performance.now();
/** A long run says how far it is, and everybody signs in again before their tokens expire. */
async function lookAndTell(): Promise<Sample> {
  const sample = await look();
  if (LONG) say(`${sample.calls} calls: ${inWords(sample)}`);
  if (performance.now() - signedIn > SIGN_IN_EVERY) {
    await crowd.signIn();
    signedIn = performance.now();
  }
  return sample;
}
/** Until nothing is under way any more; whoever left is served to the end. */
async function quiet(): Promise<void> {
  await crowd.hangUp();
  await expect.poll(() => upstream.connections(), { timeout: 30_000, interval: 200 }).toBe(0);
  await stack.drain();
}

test(
  `${SECONDS} s of mixed traffic meet nothing but what the protocol knows (LOAD_SEED=${SEED})`,
  async () => {
    await runTraffic(crowd, { prefix: "warm", seconds: WARM_UP, lastAsk: WARM_UP / 2 });
    await quiet();
    [first, controllers] = [await look(), await stack.controllers()];

    const busy = processorsSince();
    const begun = performance.now();
    const watching = LONG ? watch(lookAndTell, SAMPLE_EVERY, SECONDS) : [];
    await runTraffic(crowd, { prefix: "call", seconds: SECONDS, lastAsk: EXPIRES_AFTER });
    const rate = ((tally.total - first.calls) * 1000) / (performance.now() - begun);
    const used = busy();
    samples = await watching;
    await quiet();
    last = await look();

    say(`${tally.total} calls, ${rate.toFixed(0)} a second, processors busy ${(used * 100).toFixed(0)} %`);
    say(`the emulator was too slow ${emulator.told}; ${tally.overloaded} calls met that`);
    for (const line of tally.lines()) say(`  ${line}`);
    expect(tally.faults).toEqual([]);
    // What runs by itself fails where the emulator does not answer, and runs again; of anything else it never crashes.
    const excused = (crash: string) => emulator.slow.length > 0 && /time-?d? ?out|timeout/i.test(crash);
    expect(last.crashes.filter((crash) => !excused(crash))).toEqual([]);
    for (const { name, heard } of KINDS)
      for (const sort of heard) expect(tally.of(name, sort), `${name}: ${sort}`).toBeGreaterThan(0);
    expect(tally.overloaded / tally.total, "share that met an emulator that was too slow").toBeLessThan(
      MOST_OVERLOADED,
    );
    if (LONG) expect(used, "share of the processors' time").toBeGreaterThan(MOST_OF_TWO);
  },
  SECONDS * 1000 + 300_000,
);

test("no call is kept in memory once it is over", async () => {
  const calls = last.calls - first.calls;
  const kept = (await stack.controllers()) - controllers;
  say(`of ${calls} calls ${kept} are kept`);
  say(`before: ${inWords(first)}`);
  say(`after: ${inWords(last)}`);
  expect(kept, "beside some that are the stack's own").toBeLessThan(calls / 20);
  if (!LONG) return;
  const growth = (ownBytes(last) - ownBytes(first)) / calls;
  const line = slope(samples.map((sample) => ({ x: sample.calls, y: ownBytes(sample) })));
  say(`grew by ${growth.toFixed(0)} bytes a call, by ${line.toFixed(0)} after the fitted line under load`);
  expect(growth).toBeLessThan(MOST_A_CALL);
});

test("sockets and timers are given back", async () => {
  // Pooled connections to AWS that nobody uses are kept for half a minute.
  let now = last;
  const back = async () => {
    now = await look();
    return now.descriptors <= first.descriptors && now.timers <= first.timers;
  };
  await expect.poll(back, { timeout: 60_000, interval: 1000 }).toBe(true);
  expect([await upstream.connections(), upstream.underWay()]).toEqual([0, 0]);
  say(`in the end: ${inWords(now)}`);
}, 90_000);

test(
  "the evidence is complete: what ran, what was heard, ledger, archive and the auditor agree",
  async () => {
    const { place, sealedVault, tables } = stack;
    const aws = localAws(place.environment.AWS_ENDPOINT_URL ?? "");
    const until = await settle(stack, aws);
    const evidence = await readEvidence(aws, tables.ledger, vault(place.environment, place.maskedVault));
    const runs = everyRunIsOnRecord(upstream, evidence, tally.overloaded);
    const answers = answersAreOnRecord(tally.heard, upstream, evidence);
    const approvals = approvalsCameToAnEnd(upstream, evidence);
    archiveIsTheLedger(evidence);
    const { records } = evidence;
    say(`${runs} runs and ${answers} answers are on record; approvals: ${JSON.stringify(approvals)}`);
    say(`${records.length} records, ${evidence.archivedLines} lines: ${tallyOf(records, ({ type }) => type)}`);
    expect(Math.min(approvals.decided ?? 0, approvals.expired ?? 0)).toBeGreaterThan(0);

    const verdict = await auditorsVerdict(place, sealedVault, until);
    say(`verify: ok ${verdict.ok}, ${JSON.stringify(verdict.counts)}`);
    expect(verdict).toMatchObject({ ok: true, findings: [], notYetSealed: [] });
  },
  LONG ? 1_800_000 : 300_000,
);
