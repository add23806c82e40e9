import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KINDS, type Path, type Walkers, walk, walkers } from "./support/crashes.ts";
import * as paths from "./support/paths.ts";
import { openWorld, type World } from "./support/world.ts";

/** The short form leaves out what a repeated request heals by itself. */
const LONG = process.env.FAULTS_LONG === "1";
const kinds = LONG ? KINDS : KINDS.slice(0, 3);

let world: World;
let pairs: readonly (readonly [(typeof kinds)[number], Walkers])[];
beforeAll(async () => {
  world = await openWorld();
  pairs = await Promise.all(kinds.map(async (kind) => [kind, await walkers(world)] as const));
}, 120_000);
afterAll(() => world?.stop(), 60_000);

describe("wherever a function dies", () => {
  test.each<[string, Path<never>]>(
    [
      paths.opens,
      paths.runs,
      paths.nextRound,
      paths.breaksGlass,
      paths.approves,
      paths.denies,
      paths.grants,
      paths.withdraws,
      paths.blocks,
      paths.endsGrant,
      paths.underGrant,
    ].map((path) => [path.title, path as unknown as Path<never>]),
  )(
    "on the path of %s, what was promised holds",
    async (title, path) => {
      const tag = title.replaceAll(/[^a-z]+/g, "-");
      const struck = await Promise.all(pairs.map(([kind, both], at) => walk(path, kind, world, both, `${tag}-${at}`)));
      for (const operations of struck) expect(operations.length, "calls of AWS that were struck").toBeGreaterThan(1);
      if (LONG) process.stdout.write(`${title}: ${struck.map((operations) => operations.join(" ")).join("\n  ")}\n`);
    },
    180_000,
  );
});
