import { type Difference, memberOf } from "../../mcp/difference.ts";
import { fairShare } from "../../mcp/fair-share.ts";
import type { LedgerRecord } from "../record.ts";
import type { Cutter } from "./cutter.ts";

/** A tool as the body of `tool.changed` tells it. */
interface Told {
  readonly name: string;
  /** Null where what is pinned is not kept. */
  readonly differences: readonly Difference[] | null;
  /** How many more the record does not tell. */
  readonly differencesLeftOut?: number;
}

/**
 * What operators are told of tools that changed: which, and how, as JSON pointers with the text before and after, masked as
 * the record has it, of each tool some, and how many are left out. The rule on the bus hands this on as it stands.
 */
export function toolChangeOf({ id, server = "", target = "", reason = "", response }: LedgerRecord, cut: Cutter) {
  const text = (words: string | null) => (words === null ? null : cut.text(words));
  const told = toolsOf(response?.text ?? null);
  const all = told.flatMap(({ name, differences }) => (differences ?? []).map((place) => ({ tool: name, ...place })));
  const places = Map.groupBy(all, ({ tool }) => tool);
  const shares = Map.groupBy(
    fairShare(all, ({ tool }) => tool, cut.list(all).length),
    ({ tool }) => tool,
  );
  const shown = [...shares].flatMap(([tool, { length }]) =>
    fairShare(places.get(tool) ?? [], ({ pointer }) => memberOf(pointer), length),
  );
  const leftOut = told.reduce((sum, { differencesLeftOut = 0 }) => sum + differencesLeftOut, all.length - shown.length);
  return {
    alarm: "ToolsChanged",
    server: cut.text(server),
    tools: cut.text(target),
    reason: cut.text(reason),
    differences: shown.map(({ tool, pointer, before, after }) => ({
      tool: cut.text(tool),
      pointer: cut.text(pointer),
      before: text(before),
      after: text(after),
    })),
    ...(leftOut === 0 ? {} : { differencesLeftOut: leftOut }),
    record: id,
    runbook: "docs/runbook.md#tools-changed",
  };
}

/** A large body lies in the vaults, and one that could not be masked is withheld: then the reason alone names the places. */
function toolsOf(body: string | null): readonly Told[] {
  const { tools } = JSON.parse(body ?? "{}") as { readonly tools?: readonly Told[] };
  return tools ?? [];
}
