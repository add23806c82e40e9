import type { Difference } from "../../mcp/difference.ts";
import type { LedgerRecord } from "../record.ts";
import type { Cutter } from "./cutter.ts";

/** A tool as the body of `tool.changed` tells it. */
interface Told {
  readonly name: string;
  /** Null where what is pinned is not kept. */
  readonly differences: readonly Difference[] | null;
}

/**
 * What operators are told of tools that changed: which, and how, as JSON pointers with the text before and after, masked as
 * the record has it. The rule on the bus hands this on as it stands.
 */
export function toolChangeOf({ id, server = "", target = "", reason = "", response }: LedgerRecord, cut: Cutter) {
  const text = (words: string | null) => (words === null ? null : cut.text(words));
  const differences = toolsOf(response?.text ?? null).flatMap(({ name, differences: found }) =>
    (found ?? []).map(({ pointer, before, after }) => ({ tool: name, pointer, before, after })),
  );
  return {
    alarm: "ToolsChanged",
    server: cut.text(server),
    tools: cut.text(target),
    reason: cut.text(reason),
    differences: cut.list(differences).map(({ tool, pointer, before, after }) => ({
      tool: cut.text(tool),
      pointer: cut.text(pointer),
      before: text(before),
      after: text(after),
    })),
    record: id,
    runbook: "docs/runbook.md#tools-changed",
  };
}

/** A large body lies in the vaults, and one that could not be masked is withheld: then the reason alone names the places. */
function toolsOf(body: string | null): readonly Told[] {
  const { tools } = JSON.parse(body ?? "{}") as { readonly tools?: readonly Told[] };
  return tools ?? [];
}
