import { expect } from "vitest";
import type { CrashProxy, Strike } from "./crash-proxy.ts";
import type { Life, World } from "./world.ts";

/** Something that a function does, which may die at any of its calls of AWS. */
export interface Path<T> {
  readonly title: string;
  /** Brings about what it begins from. */
  readonly arrange: (life: Life, world: World, name: string) => Promise<T>;
  /** Does it. What comes of it may be an error. */
  readonly act: (life: Life, arranged: T) => Promise<unknown>;
  /**
   * What must hold afterwards, however far it came; also brings to its end, with a life that does not die, what was begun.
   *
   * @param whole whether nothing was struck, so that all of it must have been done
   */
  readonly holds: (
    after: { readonly arranged: T; readonly told: unknown; readonly whole: boolean },
    life: Life,
  ) => Promise<void>;
}

export type Kind = Omit<Strike, "at">;

export const KINDS: readonly Kind[] = [
  { when: "before", lasts: "for-good" },
  { when: "after", lasts: "for-good" },
  { when: "after", lasts: "once" },
  { when: "before", lasts: "once" },
];

/** More than any path has; a path that goes on for ever is a fault of its own. */
const MOST = 80;

/** An environment that dies, and one that brings to its end what was begun. */
export interface Walkers {
  readonly mortal: Life;
  readonly sound: Life;
}

export async function walkers(world: World): Promise<Walkers> {
  const found = { mortal: await world.live(), sound: await world.live() };
  await warm(found.mortal, world);
  return found;
}

/**
 * Walks a path again and again; in its n-th walk the n-th call of AWS is struck, until a walk ends before.
 * @returns how many calls were struck, and which
 */
export async function walk<T>(
  path: Path<T>,
  kind: Kind,
  world: World,
  { mortal, sound }: Walkers,
  tag: string,
): Promise<readonly string[]> {
  const struck: string[] = [];
  for (let at = 1; at <= MOST; at += 1) {
    const name = `${tag}-${at}-`;
    const arranged = await path.arrange(sound, world, name);
    const { told, hit } = await struckAt(mortal.proxy, { ...kind, at }, () => path.act(mortal, arranged));
    try {
      await path.holds({ arranged, told, whole: hit === undefined }, sound);
    } catch (cause) {
      const place = hit === undefined ? "nothing struck" : `${kind.when} ${hit}, call ${at} of AWS, ${kind.lasts}`;
      throw new Error(
        `${path.title}, ${place}: ${(cause as Error).message}\ntold ${JSON.stringify(told).slice(0, 600)}`,
        {
          cause,
        },
      );
    }
    if (hit === undefined) return struck;
    struck.push(hit);
  }
  expect.fail(`${path.title} never came to its end`);
}

async function struckAt(proxy: CrashProxy, strike: Strike, act: () => Promise<unknown>) {
  proxy.arm(strike);
  const told = await act().catch((error: unknown) => ({ threw: String(error) }));
  const hit = proxy.struck;
  proxy.arm(null);
  return { told, hit };
}

/** What a cold environment fetches once is not part of a path. */
async function warm(life: Life, { people }: World): Promise<void> {
  const who = people.developer();
  await life.call(who, "create_role", { name: `warm-${who.subject}` });
  await life.ask(people.approver(), "GET", "/me");
}
