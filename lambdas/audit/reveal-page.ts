import { ulid } from "ulid";
import type { Vault } from "../aws/vault.ts";
import { CountersignError } from "../domain/error.ts";
import type { ContentKey } from "../domain/evidence/sealed-original.ts";
import type { Writer } from "../domain/evidence/writer.ts";
import { matcher } from "./matcher.ts";
import type { Open } from "./opener.ts";
import type { RevealAsk } from "./reveal-ask.ts";
import { type Asking, revealedEntry, searchEntry, subjectOf, unrevealedEntry } from "./reveal-entry.ts";
import { type ShownOriginal, shownOf } from "./shown.ts";
import { type Places, type Sought, sought } from "./sought.ts";

/** What pages are made with. */
export interface RevealRoom {
  readonly places: Places;
  readonly sealed: Vault;
  readonly writer: Writer;
  readonly contentKey: () => Promise<ContentKey>;
  readonly now: () => number;
}

/** One page of what was asked for. */
export interface RevealPage {
  readonly originals: readonly (ShownOriginal & { readonly recordedAs: string })[];
  readonly withheld: number;
  readonly unopened: number;
  readonly covers: Sought["covers"];
  readonly next: string | null;
}

/** What Cedar says of one record. */
export type Permission = (id: string) => { readonly permitted: boolean; readonly policies: readonly string[] };

/** Milliseconds that one page looks for; API Gateway ends at 29 s. */
const PATIENCE = 15_000;
const NOTHING_THERE = "no archived record has this id; a new one takes about a minute to arrive";

/** @throws CountersignError `not_found`, after a record of it, where there is nothing to open; of a time and a search nobody knows */
export async function mustBeThere(ask: RevealAsk, asking: Asking, room: RevealRoom): Promise<void> {
  if (ask.kind === "search" || (ask.kind === "session" && ask.span !== undefined)) return;
  await requireRecord(await lookFor(ask, room), ask, asking, room);
}

/**
 * Opens one page. Each original has its record before it is opened.
 *
 * @param openBecause opens seals, for what led to them
 * @param shown hears of each original before it is opened
 */
export async function revealPage(
  ask: RevealAsk,
  asking: Asking,
  openBecause: (target: string) => Open,
  permission: Permission,
  room: RevealRoom,
  shown: () => void,
): Promise<RevealPage> {
  const { sealed, writer, contentKey, now } = room;
  let within = ask.kind === "session" ? `session ${ask.id}` : undefined;
  if (ask.kind === "search") {
    const { entry, sealed: seal } = await searchEntry(asking, ask, ulid(now()), contentKey);
    within = `search ${(await writer.append(entry, { request: seal })).record.id}`;
  }
  const open = openBecause(within ?? subjectOf(ask));
  const search = ask.kind === "search" ? matcher(ask.text, sealed, open) : undefined;
  const found = await lookFor(ask, room, search?.holds);
  await requireRecord(found, ask, asking, room);

  const originals = [];
  let withheld = 0;
  let next = found.next;
  for (const line of found.lines) {
    // A policy may forbid a single record although it permits the session or the search that led to it.
    const own = permission(line.record.id);
    if (!own.permitted) withheld += 1;
    if (!own.permitted) continue;
    const decision = { kind: "allow" as const, policies: own.policies, reason: null };
    const { record } = await writer.append(revealedEntry({ ...asking, decision }, line, within));
    shown();
    const from = ask.kind === "record" ? Number(ask.begin ?? 0) : null;
    const original = await shownOf(line, sealed, open, from);
    originals.push({ ...original.original, recordedAs: record.id });
    next ??= original.next;
  }
  return { originals, withheld, unopened: search?.unopened() ?? 0, covers: found.covers, next };
}

const lookFor = (ask: RevealAsk, { places, now }: RevealRoom, holds = ofSession(ask)): Promise<Sought> =>
  sought(ask, places, holds, now() + PATIENCE);

const ofSession =
  (ask: RevealAsk): NonNullable<Parameters<typeof sought>[2]> =>
  async ({ record }) =>
    record.session === subjectOf(ask);

async function requireRecord(found: Sought, ask: RevealAsk, asking: Asking, { writer }: RevealRoom): Promise<void> {
  if (ask.kind !== "record" || found.lines.length > 0) return;
  await writer.append(unrevealedEntry(asking, ask, "not-found"));
  throw new CountersignError("not_found", NOTHING_THERE);
}
