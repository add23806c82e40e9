import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { operatorLog } from "../../lambdas/operator-log.ts";
import { mendApprovals } from "../../lambdas/sweeper/mend-approvals.ts";
import { type Clock, startClock } from "./support/clock.ts";
import { type Real, STEPS } from "./support/commands.ts";
import { type Model, newModel } from "./support/model.ts";
import { type Life, openWorld, type World } from "./support/world.ts";

const LONG = process.env.FAULTS_LONG === "1";
/** Milliseconds that sequences are tried for. */
const TIME = LONG ? 45_000 : 20_000;
/** Rounds of the long form, each with a seed and a world of its own: the emulator slows down as its tables grow. */
const ROUNDS = LONG ? 12 : 1;
const SEED = Number(process.env.FAULTS_SEED ?? Math.floor(performance.timeOrigin) % 1_000_000);

let clock: Clock;
let world: World;
let lives: readonly [Life, Life, Life];
beforeEach(async () => {
  clock = startClock();
  world = await openWorld({ times: { denialStandsFor: "15m" } });
  lives = [await world.live(), await world.live(), await world.live()];
}, 120_000);
afterEach(async () => {
  clock?.stop();
  await world?.stop();
}, 60_000);

const seen = new Map<string, number>();

function newReal(): Real {
  const [one, other, mortal] = lives;
  const house = {
    environment: world.environment,
    config: world.settings.config,
    topicArns: JSON.parse(world.environment.TOPIC_ARNS),
    times: { grace: 0, checkApprovers: 0 },
    log: operatorLog("sweeper"),
    count: () => undefined,
    now: Date.now,
  };
  const sweep = mendApprovals(house as never);
  return {
    world,
    clock,
    lives: [one, other],
    mortal,
    who: world.people.developer(["approvers"]),
    sweep,
    ids: new Set(),
    seen,
  };
}

test.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
  "whatever callers, approvers, administrators, clocks and crashes do, an approval goes the ways of its statechart (seed %i)",
  async (seed) => {
    process.stdout.write(`statechart: FAULTS_SEED=${seed}\n`);
    seen.clear();
    const played: Real[] = [];
    let steps = 0;
    let running: Promise<void> = Promise.resolve();
    const setup = async (): Promise<{ model: Model; real: Real }> => {
      await world.shaky.open();
      const real = newReal();
      played.push(real);
      return { model: newModel(), real };
    };
    await fc.assert(
      fc.asyncProperty(fc.commands(STEPS, { maxCommands: 40, size: "max" }), async (commands) => {
        running = fc.asyncModelRun(setup, commands);
        await running;
        steps += [...commands].length;
      }),
      { seed, numRuns: 100_000, interruptAfterTimeLimit: TIME, endOnFailure: !LONG },
    );

    // When the time is over, a sequence is still under way.
    await running;

    // Each change is recorded once, however often a function died.
    await world.shaky.open();
    const records = await world.records(({ type }) => type.startsWith("approval."));
    const ids = played.flatMap((real) => [...real.ids]);
    for (const id of ids) {
      const row = await world.approvals.get(id);
      const count = (type: string) =>
        records.filter((record) => record.type === type && record.approval?.id === id).length;
      expect([count("approval.requested"), count("approval.decided")], id).toEqual([1, row?.decisions.length]);
      expect(count("approval.withdrawn"), id).toBe(row?.withdrawn === undefined ? 0 : 1);
    }
    process.stdout.write(
      `statechart: ${played.length} sequences, ${steps} steps, ${ids.length} approvals; ${JSON.stringify(Object.fromEntries(seen))}\n`,
    );
    expect(ids.length).toBeGreaterThan(5);
  },
  TIME + 120_000,
);
