import { writeFile } from "node:fs/promises";
import type { LedgerRecord } from "../../lambdas/domain/evidence/record.ts";
import { inOrder, type Story, storyOf } from "../../lambdas/domain/evidence/story.ts";
import type { Selection } from "../../lambdas/domain/evidence/story-selection.ts";
import { maskedArchive } from "../archive.ts";
import type { Place } from "../place.ts";
import { type ReadFrom, sessionLines, type ToldLine } from "../session-lines.ts";
import { storyHtml } from "../story-html.ts";
import { storyText } from "../story-text.ts";
import { toldBodies } from "../told-bodies.ts";
import { visibleJson } from "../visible.ts";

export interface ReplayOptions extends ReadFrom {
  readonly principal?: string;
  readonly approval?: string;
  /** RFC 3339 times. */
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
  /** File that one self-contained page is written to. */
  readonly html?: string;
}

/** Ways of telling that the command line takes, beside what is told. */
export interface Telling extends Pick<ReplayOptions, "json" | "html"> {
  readonly follow?: boolean;
  readonly speed?: number;
}

/** @throws Error where two options ask for what cannot be had at once: leaving one out would not be seen */
export function assertTogether({ follow, speed, json, html }: Telling): void {
  const given = {
    "--follow": follow === true,
    "--speed": speed !== undefined,
    "--json": json === true,
    "--html": html !== undefined,
  };
  for (const [one, other, why] of APART)
    if (given[one] && given[other]) throw new Error(`${one} and ${other} do not go together: ${why}`);
}

const APART = [
  ["--follow", "--speed", "what happens now has the pauses that there are"],
  ["--follow", "--html", "a page is written once, and this goes on"],
  ["--speed", "--html", "a page has no pauses"],
  ["--speed", "--json", "records are told without pauses"],
  ["--json", "--html", "say which"],
] as const;

/**
 * The story of a session, or of every session that fits, in order.
 *
 * @param id a session, or a call, approval or record of it
 * @throws Error when nothing fits, or nothing says what should
 */
export async function replay(place: Place, id: string | undefined, options: ReplayOptions): Promise<string> {
  const sessions = await wantedSessions(place, id, options);
  if (options.json) return jsonLines([...sessions.values()].flat());
  const stories = await storiesOf(place, sessions, options);
  if (options.html === undefined) return stories.map(storyText).join("\n\n");
  const from = options.from === "ledger" ? "the hot ledger" : "the masked archive";
  await writeFile(options.html, storyHtml(stories, new Date().toISOString(), from));
  return `${options.html}: ${stories.length} ${stories.length === 1 ? "session" : "sessions"}, ${stories.reduce((sum, { steps }) => sum + steps.length, 0)} records`;
}

/** The lines of the sessions that the options ask for. @throws Error when there is none */
export async function wantedSessions(
  place: Place,
  id: string | undefined,
  options: ReplayOptions,
): Promise<Map<string, ToldLine[]>> {
  const selection = selectionOf(id, options);
  const sessions = await sessionLines(place, selection, options);
  if (sessions.size > 0) return sessions;
  if (options.from === "ledger") throw new Error(`the hot ledger knows ${nothing(id)}; older ones are in the archive`);
  throw new Error(`the archive knows ${nothing(id)}; a new one takes about a minute to arrive`);
}

const nothing = (id: string | undefined) =>
  id === undefined ? "no session that fits" : `no session, call or approval ${id} that fits`;

/** The stories of these sessions, with the bodies that are kept apart. */
export async function storiesOf(
  place: Place,
  sessions: ReadonlyMap<string, readonly ToldLine[]>,
  { folder }: ReadFrom,
): Promise<Story[]> {
  const masked = place.maskedVault === "" && folder === undefined ? undefined : maskedArchive(place, folder);
  const stories: Story[] = [];
  for (const [session, lines] of sessions) {
    const records = lines.map(({ record }) => record);
    stories.push(storyOf(session, records, await toldBodies(records, masked)));
  }
  return stories;
}

/** One record a line; equal to what was hashed when parsed, and harmless to a terminal. */
export const jsonLines = (lines: readonly { readonly text: string; readonly record: LedgerRecord }[]): string =>
  [...lines]
    .sort((one, other) => inOrder(one.record, other.record))
    .map(({ text }) => visibleJson(text))
    .join("\n");

export function selectionOf(id: string | undefined, options: ReplayOptions): Selection {
  const { principal, approval, since, until } = options;
  if ([id, principal, approval, since, until].every((value) => value === undefined))
    throw new Error("say which: a session, call or approval, or --principal, --approval, --since, --until");
  return { id, principal, approval, since: timeOf("--since", since), until: timeOf("--until", until) };
}

function timeOf(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw new Error(`${option} ${value} is no time; write it like 2026-11-21T10:00:00Z`);
  return time;
}
