import type { PinRow } from "../aws/pins-table.ts";
import { abridged, shortened } from "../domain/mcp/abridged.ts";
import type { DefinedTool } from "../domain/mcp/definition.ts";
import { type Difference, type Differences, differences } from "../domain/mcp/difference.ts";

/** A tool that is not what is pinned, and its row after that was noted. */
export interface ChangedTool {
  readonly tool: DefinedTool;
  readonly row: PinRow | undefined;
  /** Changes of it since the last record that were not recorded: a server that wavers would fill the ledger. */
  readonly unrecorded: number;
}

/** A tool as the body of `tool.changed` tells it. */
export interface ToolChange {
  readonly name: string;
  readonly pinned: string | null;
  readonly digest: string;
  /** Null where what is pinned is not kept. */
  readonly differences: readonly Difference[] | null;
  readonly differencesLeftOut?: number;
  readonly unrecorded?: number;
}

/** Characters of a place that the reason names. */
const LONGEST_PLACE = 100;

/** What differs from the pinned definition; undefined where that is not kept. */
export function differenceOf(row: PinRow | undefined, { definition }: DefinedTool): Differences | undefined {
  const before = row?.pinned?.definition;
  return before === undefined ? undefined : differences(before, definition);
}

/** The changes with their whole texts: what is cut first could not be told as a secret any more. */
export const changesOf = (changed: readonly ChangedTool[]): readonly ToolChange[] =>
  changed.map(({ tool, row, unrecorded }) => {
    const { places = null, leftOut = 0 } = differenceOf(row, tool) ?? {};
    return {
      name: tool.name,
      pinned: row?.pinned?.digest ?? null,
      digest: tool.digest,
      differences: places,
      ...(leftOut === 0 ? {} : { differencesLeftOut: leftOut }),
      ...(unrecorded === 0 ? {} : { unrecorded }),
    };
  });

/** The changes as people read them. */
export const abridgedChanges = (changes: readonly ToolChange[]): readonly ToolChange[] =>
  changes.map((change) => ({ ...change, differences: change.differences?.map((place) => abridged(place)) ?? null }));

/** Why the tools are hidden. How many places there are comes first, so that what is cut off behind it is known. */
export function reasonOf(changes: readonly ToolChange[]): string {
  const places = changes.flatMap(({ name, differences: found }) =>
    (found ?? []).map(({ pointer }) => {
      const place = shortened(pointer, LONGEST_PLACE);
      return changes.length === 1 ? place : `${shortened(name, LONGEST_PLACE)} ${place}`;
    }),
  );
  if (places.length === 0)
    return changes.some(({ pinned, digest }) => pinned === digest) ? FORBIDDEN : "its definition is not pinned";
  const count = changes.reduce((sum, { differencesLeftOut = 0 }) => sum + differencesLeftOut, places.length);
  return `it differs from what is pinned at ${count === 1 ? "" : `${count} places: `}${places.join(", ")}`;
}

/** Said of a tool that is what was pinned once. */
export const FORBIDDEN = "config/pins.json allows another definition than the pinned one";
