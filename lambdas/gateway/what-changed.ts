import type { PinRow } from "../aws/pins-table.ts";
import { abridged } from "../domain/mcp/abridged.ts";
import type { DefinedTool } from "../domain/mcp/definition.ts";
import { type Difference, memberOf } from "../domain/mcp/difference.ts";
import { fairShare } from "../domain/mcp/fair-share.ts";
import { printable } from "../domain/mcp/printable.ts";
import { differenceOf, FORBIDDEN } from "./tool-changes.ts";

/** Characters of what changed that approvers are shown: some four places at their longest. */
const LONGEST_CHANGES = 6000;

/**
 * What approvers are told of a tool that is not what is pinned: how many places differ, and as many of them as there is room for.
 *
 * @param masked a text without its secrets; whole texts are masked, for a secret that is cut is none that can be told
 */
export function whatChanged(row: PinRow | undefined, tool: DefinedTool, masked: (text: string) => string): string {
  if (row?.pinned?.digest === tool.digest) return `NOT ALLOWED: ${FORBIDDEN}.`;
  const head = "CHANGED since it was pinned";
  const found = differenceOf(row, tool);
  if (found === undefined) return `${head}:\nIt is not what is pinned.`;
  const all = found.places.map((place) => ({
    member: memberOf(place.pointer),
    line: lineOf(abridged(maskedPlace(place, masked))),
  }));
  let shown: readonly (typeof all)[number][] = all;
  while (lengthOf(shown) > LONGEST_CHANGES) shown = fairShare(all, ({ member }) => member, shown.length - 1);
  const count = all.length + found.leftOut;
  const howMany = shown.length === count ? "" : ` at ${count} places, of which ${shown.length} are shown`;
  return `${head}${howMany}:\n${masked(shown.map(({ line }) => line).join("\n"))}`.toWellFormed();
}

const lengthOf = (lines: readonly { readonly line: string }[]) => lines.reduce((sum, { line }) => sum + line.length, 0);

const maskedPlace = ({ pointer, before, after }: Difference, masked: (text: string) => string): Difference => ({
  pointer: masked(pointer),
  before: before === null ? null : masked(before),
  after: after === null ? null : masked(after),
});

const lineOf = ({ pointer, before, after }: Difference) =>
  `${printable(pointer)}: ${before ?? "nothing"} -> ${after ?? "nothing"}`;
