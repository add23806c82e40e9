import type { PinKey, PinRow } from "../aws/pins-table.ts";
import type { Json } from "../domain/json/json.ts";
import { type DefinedTool, definedTool } from "../domain/mcp/definition.ts";
import { METRIC } from "../metric-names.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { recordChanged, recordPinned } from "./pin-records.ts";
import { BY_FILE, type ChangedTool } from "./tool-changes.ts";

/** Tools of one server that are pinned; a server that invents more gets the rest hidden. */
export const MOST_TOOLS = 2000;
/** Rows that are written at once. */
const TOGETHER = 25;

/**
 * Looks at the tools of a list as they pass by: pins those that were never seen, and notes and records those that are not
 * what is pinned.
 *
 * @param tools the server's own entries, whether this caller may see them or not
 * @returns whether an entry is the one that is pinned: anything else must not be shown
 * @throws CountersignError `evidence_unavailable`, when what was pinned or changed cannot be recorded
 */
export async function passBy(call: Call, tools: readonly Json[], house: House): Promise<(entry: Json) => boolean> {
  const { server } = call;
  const { era } = call.message;
  const defined = new Map(
    tools.flatMap((entry) => {
      const tool = definedTool(entry);
      return tool === undefined ? [] : [[entry, tool] as const];
    }),
  );
  const keyOf = ({ name }: DefinedTool): PinKey => ({ server, era, tool: name });
  const isAllowed = (tool: DefinedTool, row: PinRow | undefined) =>
    allowedBy(row, house.pins.fixed(server, tool.name))?.includes(tool.digest) ?? false;
  const isPinned = (tool: DefinedTool, row: PinRow | undefined) =>
    isAllowed(tool, row) && row?.pinned?.digest === tool.digest;
  const isNoted = (tool: DefinedTool, row: PinRow | undefined) =>
    !isAllowed(tool, row) && row?.seen?.digest === tool.digest;
  let rows = await house.pins.rows(server, era);
  // What is remembered as changed is read again: somebody may have pinned it meanwhile.
  if (![...defined.values()].every((tool) => isPinned(tool, rows.get(tool.name)))) {
    rows = await house.pins.rows(server, era, true);
    for (const tool of defined.values()) house.pins.forget(keyOf(tool));
    const open = [...defined.values()].filter((tool) => {
      const row = rows.get(tool.name);
      return !isPinned(tool, row) && !isNoted(tool, row);
    });
    if (open.length > 0) {
      await write(
        call,
        open.map((tool) => [keyOf(tool), tool] as const),
        rows,
        house,
      );
      rows = await house.pins.rows(server, era, true);
    }
  }
  return (entry) => {
    const tool = defined.get(entry);
    return tool !== undefined && isAllowed(tool, rows.get(tool.name));
  };
}

/** Digests that a tool may have; undefined for one of which nothing is known yet. */
const allowedBy = (row: PinRow | undefined, fixed: readonly string[] | undefined): readonly string[] | undefined =>
  fixed ?? (row?.pinned == null ? undefined : [row.pinned.digest]);

/** Pins and notes. Two environments may see the same list at once: who comes second finds the first one's row. */
async function write(
  call: Call,
  open: readonly (readonly [PinKey, DefinedTool])[],
  rows: ReadonlyMap<string, PinRow>,
  house: House,
): Promise<void> {
  const { table, fixed, forget } = house.pins;
  const now = house.now();
  const pinned = new Set<DefinedTool>();
  const changed: ChangedTool[] = [];
  const fresh = new Set<string>();
  // A name that a list gives twice is pinned as it came first.
  const byName = [...Map.groupBy(open, ([key]) => key.tool).values()];
  const each = async (alike: typeof open) => {
    for (const entry of alike) await one(entry);
  };
  const one = async ([key, tool]: readonly [PinKey, DefinedTool]): Promise<void> => {
    const config = fixed(key.server, key.tool);
    const row = rows.get(key.tool);
    const isNew = config === undefined ? row?.pinned == null : config.includes(tool.digest);
    if (isNew) {
      if (row === undefined && rows.size + fresh.size >= MOST_TOOLS) return;
      fresh.add(key.tool);
      const by = config === undefined ? "first use" : BY_FILE;
      const replaced = config === undefined ? null : (row?.pinned?.digest ?? null);
      if (await table.pin(key, tool, replaced, by, now)) {
        pinned.add(tool);
        return;
      }
    }
    // Undefined for the definition that is pinned or noted already, by this list or another one.
    const noted = await table.note(key, tool, config !== undefined && !isNew, now);
    if (noted?.record) changed.push({ tool, row: await table.get(key), unrecorded: noted.unrecorded });
  };
  try {
    for (let at = 0; at < byName.length; at += TOGETHER) await Promise.all(byName.slice(at, at + TOGETHER).map(each));
  } finally {
    // A call that came meanwhile may have read what was there before.
    for (const [key] of open) forget(key);
  }
  // In the list's order: the writes end in any.
  await recordPinned(
    call,
    open.map(([, tool]) => tool).filter((tool) => pinned.has(tool)),
    house,
  );
  if (changed.length === 0) return;
  house.count(METRIC.toolsChanged);
  await recordChanged(call, changed, house);
}
