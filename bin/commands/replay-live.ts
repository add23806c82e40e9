import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { inOrder, stepOf } from "../../lambdas/domain/evidence/story.ts";
import { maskedArchive } from "../archive.ts";
import type { Place } from "../place.ts";
import { sessionLines } from "../session-lines.ts";
import { headText, stepText } from "../story-text.ts";
import { toldBodies } from "../told-bodies.ts";
import { visible } from "../visible.ts";
import { jsonLines, type ReplayOptions, selectionOf, storiesOf, wantedSessions } from "./replay.ts";

/** Milliseconds between two looks at a session that goes on. */
const LOOK_EVERY = 2000;

export interface Live {
  readonly write: (text: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. @default 2000 */
  readonly every?: number;
}

/**
 * Plays stories with the pauses that there were.
 *
 * @param speed times faster than it happened
 */
export async function playReplay(
  place: Place,
  id: string | undefined,
  options: ReplayOptions & { readonly speed: number },
  { write, signal }: Live,
): Promise<void> {
  if (!(options.speed > 0)) throw new Error("--speed is a number over 0: 1 as it happened, 10 ten times faster");
  for (const story of await storiesOf(place, await wantedSessions(place, id, options), options)) {
    write(headText(story));
    for (const step of story.steps) {
      if (!(await paused(step.gap / options.speed, signal))) return;
      write(stepText(step));
    }
  }
}

/** Tells what fits as it happens, until it is ended; a session that has not begun yet is waited for. */
export async function followReplay(
  place: Place,
  id: string | undefined,
  options: ReplayOptions,
  { write, signal, every = LOOK_EVERY }: Live,
): Promise<void> {
  let selection = selectionOf(id, options);
  const masked =
    place.maskedVault === "" && options.folder === undefined ? undefined : maskedArchive(place, options.folder);
  const told = new Map<string, LedgerRecord | undefined>();
  const seen = new Set<string>();
  while (!signal.aborted) {
    for (const [session, lines] of await sessionLines(place, selection, options)) {
      const fresh = lines.filter(({ record }) => !seen.has(record.id)).sort((a, b) => inOrder(a.record, b.record));
      if (fresh.length > 0 && !told.has(session) && !options.json) write(`Session ${visible(session)}`);
      for (const line of fresh) {
        seen.add(line.record.id);
        write(
          options.json
            ? jsonLines([line])
            : stepText(stepOf(line.record, told.get(session), await toldBodies([line.record], masked))),
        );
        told.set(session, line.record);
      }
      // Known by its own id, a session of the ledger is found without reading the whole table.
      if (id !== undefined) selection = { ...selection, id: session };
    }
    if (!(await paused(every, signal))) return;
  }
}

/** Longest time that a timer takes. */
const LONGEST = 2 ** 31 - 1;

/** Whether the time went by without an end. */
async function paused(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(Math.min(milliseconds, LONGEST), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
