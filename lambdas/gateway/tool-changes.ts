import type { PinRow } from "../aws/pins-table.ts";
import { abridged, shortened } from "../domain/mcp/abridged.ts";
import type { DefinedTool } from "../domain/mcp/definition.ts";
import { type Difference, type Differences, differences } from "../domain/mcp/difference.ts";
import { printable } from "../domain/mcp/printable.ts";

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

/** Characters of all places that one record tells of; the others are counted. */
const MOST_TEXT = 4_000_000;
/** Characters of a place that the reason names. */
const LONGEST_PLACE = 100;

/** What differs from the pinned definition; undefined where that is not kept. */
export function differenceOf(row: PinRow | undefined, { definition }: DefinedTool): Differences | undefined {
  const before = row?.pinned?.definition;
  return before === undefined ? undefined : differences(before, definition);
}

/** The changes with their whole texts: what is cut first could not be told as a secret any more. */
export function changesOf(changed: readonly ChangedTool[]): readonly ToolChange[] {
  let room = MOST_TEXT;
  const fits = ({ pointer, before, after }: Difference) => {
    room -= pointer.length + (before?.length ?? 0) + (after?.length ?? 0);
    return room >= 0;
  };
  return changed.map(({ tool, row, unrecorded }) => {
    const { places, leftOut = 0 } = differenceOf(row, tool) ?? {};
    const told = places?.filter(fits);
    const untold = leftOut + (places?.length ?? 0) - (told?.length ?? 0);
    return {
      name: tool.name,
      pinned: row?.pinned?.digest ?? null,
      digest: tool.digest,
      differences: told ?? null,
      ...(untold === 0 ? {} : { differencesLeftOut: untold }),
      ...(unrecorded === 0 ? {} : { unrecorded }),
    };
  });
}

/** The changes as people read them. */
export const abridgedChanges = (changes: readonly ToolChange[]): readonly ToolChange[] =>
  changes.map((change) => ({ ...change, differences: change.differences?.map((place) => abridged(place)) ?? null }));

/**
 * Why the tools are hidden. How many places there are comes first, so that what is cut off behind it is known.
 *
 * @param changes masked: a name is cut here, and half of a secret is none that can be told
 */
export function reasonOf(changes: readonly ToolChange[]): string {
  const places = changes.flatMap(({ name, differences: found }) =>
    (found ?? []).map(({ pointer }) => {
      const place = shortened(printable(pointer), LONGEST_PLACE);
      return changes.length === 1 ? place : `${shortened(name, LONGEST_PLACE)} ${place}`;
    }),
  );
  const count = changes.reduce((sum, { differencesLeftOut = 0 }) => sum + differencesLeftOut, places.length);
  if (count === 0)
    return changes.every(({ pinned, digest }) => pinned === digest) ? FORBIDDEN : "its definition is not pinned";
  return `it differs from what is pinned at ${count === 1 ? "" : `${count} places: `}${places.join(", ")}`;
}

/** Who pinned what the configuration fixes. */
export const BY_FILE = "config/pins.json";

/** Said of a tool that is what was pinned once. */
export const FORBIDDEN = "config/pins.json allows another definition than the pinned one";
