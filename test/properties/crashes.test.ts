import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KINDS, type Path, type Walkers, walk, walkers } from "./support/crashes.ts";
import * as paths from "./support/paths.ts";
import { openWorld, type World } from "./support/world.ts";

/** The short form walks the paths that all else hangs on, and leaves out what a repeated request heals by itself. */
const LONG = process.env.FAULTS_LONG === "1";
const kinds = LONG ? KINDS : KINDS.slice(0, 3);

const CORE = [paths.runs, paths.breaksGlass, paths.approves, paths.withdraws] as const;
const ALL = [
  ...CORE,
  paths.opens,
  paths.nextRound,
  paths.denies,
  paths.grants,
  paths.blocks,
  paths.endsGrant,
  paths.underGrant,
] as const;

let world: World;
let pairs: readonly (readonly [(typeof kinds)[number], Walkers])[];
// The emulator copies its tables for each transaction: a world of its own for each path keeps them small.
beforeEach(async () => {
  world = await openWorld();
  pairs = await Promise.all(kinds.map(async (kind) => [kind, await walkers(world)] as const));
}, 60_000);
afterEach(() => world?.stop(), 30_000);

describe("wherever a function dies", () => {
  test.each<[string, Path<never>]>((LONG ? ALL : CORE).map((path) => [path.title, path as unknown as Path<never>]))(
    "on the path of %s, what was promised holds",
    async (title, path) => {
      const tag = title.replaceAll(/[^a-z]+/g, "-");
      const struck = await Promise.all(pairs.map(([kind, both], at) => walk(path, kind, world, both, `${tag}-${at}`)));
      for (const operations of struck) expect(operations.length, "calls of AWS that were struck").toBeGreaterThan(1);
      process.stdout.write(`${title}: struck ${struck.map((operations) => operations.length).join(" + ")}\n`);
      if (LONG) process.stdout.write(`  ${struck[0]?.join(" ")}\n`);
    },
    180_000,
  );
});
