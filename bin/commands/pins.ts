import { type PinRow, pinsTable } from "../../lambdas/aws/pins-table.ts";
import { abridged } from "../../lambdas/domain/mcp/abridged.ts";
import { type Difference, differences } from "../../lambdas/domain/mcp/difference.ts";
import { printable } from "../../lambdas/domain/mcp/printable.ts";
import { ENV } from "../../lambdas/environment.ts";
import { BY_FILE, FORBIDDEN } from "../../lambdas/gateway/tool-changes.ts";
import type { PinsConfig } from "../../lib/config/pins.ts";
import { callApi } from "../call-api.ts";
import type { Place } from "../place.ts";
import { stackOutputs } from "../stack-outputs.ts";
import { table } from "../table.ts";
import { printedJson } from "../visible.ts";

/** Characters of a digest that a table shows. */
const SHORT = 12;

/** Lists what is pinned of each tool, and what is not as pinned, under the operator's own AWS rights. */
export async function listPins(
  place: Place,
  server: string | undefined,
  { changed, json }: { readonly changed?: boolean; readonly json?: boolean },
): Promise<string> {
  const rows = (await rowsOf(place, server)).filter((row) => !changed || isChanged(row));
  if (json) return printedJson(rows);
  return table(
    rows.map(({ server: name, era, tool, pinned, seen }) => ({
      server: name,
      tool,
      era,
      pinned: pinned?.digest.slice(0, SHORT),
      by: pinned?.by,
      since: pinned && new Date(pinned.at).toISOString(),
      changedTo: seen?.digest.slice(0, SHORT),
      changedAt: seen && new Date(seen.at).toISOString(),
    })),
  );
}

/** What differs in each changed tool from what is pinned, place by place. */
export async function diffPins(
  place: Place,
  server: string,
  tool: string | undefined,
  { json }: { readonly json?: boolean },
): Promise<string> {
  const changed = await changedOf(place, server, tool);
  if (json) return printedJson(changed.map((row) => ({ ...row, differences: differencesOf(row) })));
  return changed.length === 0 ? "Nothing differs from what is pinned." : changed.map(story).join("\n\n");
}

/** `config/pins.json` of what is pinned now: with it nothing is trusted on first use. Changed tools keep their pinned digest. */
export async function exportPins(place: Place, server: string | undefined): Promise<string> {
  const servers: Record<string, Record<string, string[]>> = {};
  for (const { server: name, tool, pinned } of await rowsOf(place, server)) {
    if (pinned === null) continue;
    servers[name] ??= {};
    const tools = servers[name];
    const digests = Object.hasOwn(tools, tool) ? (tools[tool] ?? []) : [];
    // Not by assignment: a server may name a tool `__proto__`.
    Object.defineProperty(tools, tool, {
      value: [...new Set([...digests, pinned.digest])].sort(),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return printedJson({ servers } satisfies PinsConfig);
}

/**
 * Pins changed tools as they are now, through the API, which records who did it and why.
 *
 * @param digest the definition meant; without it, the one that was seen last, which is shown with its differences
 * @param token a console token of an administrator
 */
export async function acceptPins(
  place: Place,
  server: string,
  tool: string | undefined,
  { digest, reason }: { readonly digest?: string; readonly reason: string },
  token: string | undefined,
): Promise<string> {
  const path = `/servers/${encodeURIComponent(server)}/pins`;
  if (digest !== undefined) {
    if (tool === undefined) throw new Error("--digest is for one tool: name it");
    await callApi(place, path, token, { tool, digest, reason });
    return `${server}/${tool} is pinned at ${digest}.`;
  }
  const changed = await changedOf(place, server, tool);
  if (changed.length === 0) return "Nothing differs from what is pinned.";
  const asked = new Map(changed.map((row) => [JSON.stringify([row.tool, meant(row)]), row]));
  for (const row of asked.values()) await callApi(place, path, token, { tool: row.tool, digest: meant(row), reason });
  return [...changed.map(story), "", "Pinned as they are now."].join("\n");
}

/** The configuration has the last word: beside what it pinned, nothing that was seen may be accepted. */
const meant = ({ pinned, seen }: PinRow) => (pinned?.by === BY_FILE ? pinned.digest : seen?.digest);

/** What is pinned and was seen again since is what `config/pins.json` forbids; what was seen before was pinned then. */
const isChanged = ({ pinned, seen }: PinRow) =>
  seen !== null && (seen.digest !== pinned?.digest || seen.at > pinned.at);

/** All of them: who accepts a definition answers for the whole of it. */
const differencesOf = ({ pinned, seen }: PinRow): readonly Difference[] | null =>
  pinned?.definition === undefined || seen?.definition === undefined
    ? null
    : differences(pinned.definition, seen.definition, Infinity).places;

function story(row: PinRow): string {
  const found = differencesOf(row);
  const head = `${row.server}/${row.tool} (${row.era}): ${row.pinned?.digest.slice(0, SHORT) ?? "nothing"} -> ${row.seen?.digest}`;
  if (row.pinned?.digest === row.seen?.digest) return `${head}\n  listed again while ${FORBIDDEN}`;
  if (found === null) return `${head}\n  the definitions are not both kept: compare them at the server`;
  return [head, ...found.flatMap(lines)].map(printable).join("\n");
}

/** Of a long text what stands around the difference, but the whole of that. */
function lines(difference: Difference): readonly string[] {
  const { pointer, before, after } = abridged(difference, Infinity);
  return [`  ${pointer}`, `  - ${before}`, `  + ${after}`];
}

async function changedOf(place: Place, server: string, tool: string | undefined): Promise<PinRow[]> {
  return (await rowsOf(place, server)).filter((row) => isChanged(row) && (tool === undefined || row.tool === tool));
}

async function rowsOf({ environment }: Place, server: string | undefined): Promise<PinRow[]> {
  const name = environment[ENV.accessTable] ?? (await stackOutputs(environment)).get("AccessTable");
  const rows = await pinsTable({ ...environment, [ENV.accessTable]: name }).all();
  return rows
    .filter((row) => server === undefined || row.server === server)
    .sort((a, b) => (a.server + a.tool + a.era < b.server + b.tool + b.era ? -1 : 1));
}
