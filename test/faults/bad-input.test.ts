import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../../bench/measure.ts";
import { HOUR, hourOf } from "../../lambdas/domain/evidence/digest.ts";
import { HARMLESS } from "../properties/support/world.ts";
import { make, type Plan } from "./support/clients.ts";
import { type Estate, openEstate } from "./support/estate.ts";
import { evidenceOf, verdictOf } from "./support/evidence.ts";
import { spared } from "./support/fates.ts";
import { archiveIsTheLedger, nothingRanUnrecorded } from "./support/promises.ts";
import { shakyStream } from "./support/shaky-stream.ts";
import { type SkewedClock, skewedClock } from "./support/skewed-clock.ts";

const MB = 1_000_000;
/** What DynamoDB takes, bytes (service quotas, "Item size"). */
const LARGEST_ITEM = 400 * 1024;

let clock: SkewedClock;
let estate: Estate;
beforeAll(async () => {
  clock = skewedClock();
  estate = await openEstate(clock);
}, 120_000);
afterAll(async () => {
  clock?.stop();
  await estate?.stop();
}, 60_000);

const call = (name: string, args: object, tool: string = HARMLESS) => {
  const who = estate.world.people.developer();
  const plan: Plan = { who, era: "legacy", tool, args: { name, ...args } };
  return make(
    plan,
    estate.gateway(() => spared),
    estate.world.publicUrl,
  );
};

test("a request near 4 MB and an answer near 20 MB arrive whole, each with its record", async () => {
  const { told } = await call("huge", { filler: "z".repeat(3.9 * MB), bytes: 19 * MB });
  expect(told?.text.length).toBe("read_config done huge".length + 19 * MB);
}, 120_000);

test("an answer over 20 MB is not released: the client is told so, and the record says that it ran", async () => {
  const { told } = await call("too-large", { bytes: 21 * MB });
  expect(told?.text).toMatch(/The server "iam" .* The call may have run/);
}, 120_000);

test("thousands of secrets in one request, and so thousands of findings, fit into its record", async () => {
  const filler = Array.from({ length: 4000 }, (_, at) => `password=Xk9-vTq${at}-LmZ7`);
  expect((await call("many-findings", { filler })).told?.text).toContain("done many-findings");
}, 120_000);

test("arguments that no row of an approval could hold are refused or asked about, and nothing runs", async () => {
  const { told } = await call("wide-approval", { filler: "z".repeat(1.5 * MB) }, "create_role");
  expect(told?.text).toMatch(/PENDING APPROVAL|nothing was executed|DENIED/i);
  expect(estate.world.iam.runsOf("wide-approval")).toEqual([]);
}, 120_000);

test("all of it is archived, no item is over DynamoDB's limit, and verifying finds nothing", async () => {
  const archiver = estate.archiver(() => spared);
  await shakyStream({
    aws: estate.world.aws,
    streamArn: estate.world.streams.ledger,
    random: seededRandom(3),
    shards: 1,
    largestBatch: 10,
    again: 0.3,
    disorder: 0.3,
    now: clock.trueNow,
    deliver: (event) => archiver.use((archive) => archive(event)),
  }).drain();
  clock.forward(HOUR);
  await estate.digester(() => spared).use((digest) => digest({}));
  const evidence = await evidenceOf(estate);
  nothingRanUnrecorded(estate, evidence);
  archiveIsTheLedger(evidence);
  for (const texts of evidence.archived.values())
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThan(LARGEST_ITEM);
  for (const name of ["huge", "too-large", "many-findings"])
    for (const received of evidence.received.get(name) ?? [])
      expect(evidence.outcomeOf(received)?.outcome, name).toBe(name === "too-large" ? "unknown" : "ok");
  expect(evidence.received.get("huge")?.[0]?.request?.key).toMatch(/^bodies\//);
  const verdict = await verdictOf(estate, hourOf(clock.trueNow()));
  expect(verdict).toMatchObject({ ok: true, findings: [] });
}, 120_000);
