import type { PinRow } from "../aws/pins-table.ts";
import { keepBody, type MaskedBody } from "../domain/evidence/body.ts";
import type { RecordType } from "../domain/evidence/record.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { type KeyedHash, type MaskingRules, maskJson, maskText } from "../domain/masking/index.ts";
import type { DefinedTool } from "../domain/mcp/definition.ts";
import { type Difference, differences } from "../domain/mcp/difference.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { hidden } from "./recording.ts";

/** A tool that is not what is pinned, and its row after that was noted. */
export interface ChangedTool {
  readonly tool: DefinedTool;
  readonly row: PinRow | undefined;
  /** Changes of it since the last record that were not recorded: a server that wavers would fill the ledger. */
  readonly unrecorded: number;
}

/** Longest list of names in a record's target and reason; the body has them all. */
const LONGEST_NAMES = 512;

/** Records the tools of a list that were pinned, with their digests: one record for all that came together. */
export async function recordPinned(call: Call, tools: readonly DefinedTool[], house: House): Promise<void> {
  if (tools.length === 0) return;
  const body = { tools: tools.map(({ name, digest }) => ({ name, digest })) };
  const reason = `${tools.length} tools were listed for the first time`;
  await append(call, { type: "tool.pinned", outcome: "first-use", reason, tools }, body, house);
}

/** Records what changed, as a difference, masked like whatever a server says. */
export async function recordChanged(call: Call, changed: readonly ChangedTool[], house: House): Promise<void> {
  const tools = changed.map(({ tool, row, unrecorded }) => ({
    name: tool.name,
    pinned: row?.pinned?.digest ?? null,
    digest: tool.digest,
    differences: differenceOf(row, tool.definition) ?? null,
    ...(unrecorded === 0 ? {} : { unrecorded }),
  }));
  const places = tools.flatMap(({ differences: found }) => (found ?? []).map(({ pointer }) => pointer));
  const reason =
    places.length === 0 ? "its definition is not pinned" : `it differs from what is pinned at ${places.join(", ")}`;
  const step = { type: "tool.changed", outcome: "changed", reason, tools: changed.map(({ tool }) => tool) } as const;
  await append(call, step, { tools }, house);
}

/** What differs from the pinned definition; undefined where that is not kept. */
export function differenceOf(row: PinRow | undefined, definition: DefinedTool["definition"] | undefined) {
  const before = row?.pinned?.definition;
  if (before === undefined || definition === undefined) return undefined;
  return differences(before, definition) satisfies readonly Difference[];
}

/** What is pinned holds for everybody; the record names the caller whose list or call it was. */
async function append(
  call: Call,
  step: {
    readonly type: RecordType;
    readonly outcome: string;
    readonly reason: string;
    readonly tools: readonly DefinedTool[];
  },
  body: object,
  house: House,
): Promise<void> {
  const at = house.now();
  const text = JSON.stringify(body);
  const keyedHash = await house.keyedHash();
  const kept = await keepBody(
    maskedBody(text, house.masking(call.server), keyedHash),
    { call: call.id, part: `relayed-${house.newId(at)}` },
    house.contentKey,
    house.bodies,
  );
  const shown = (words: string) =>
    maskText(words, house.masking(call.server), keyedHash).text.slice(0, LONGEST_NAMES).toWellFormed();
  await house.writer.append(
    {
      type: step.type,
      occurredAt: new Date(at).toISOString(),
      session: call.session,
      call: call.id,
      server: call.server,
      target: shown(step.tools.map(({ name }) => name).join(", ")),
      outcome: step.outcome,
      reason: shown(step.reason),
      principal: recordPrincipal(call.caller.principal),
      source: call.source,
      digests: house.settings.digests,
      response: kept.body,
    },
    kept.sealed === undefined ? {} : { response: kept.sealed },
  );
}

/** What cannot be masked is sealed beside the record all the same. */
function maskedBody(original: string, rules: MaskingRules, keyedHash: KeyedHash): MaskedBody {
  try {
    const { text: masked, findings } = maskJson(original, rules, keyedHash);
    return { original, masked, findings };
  } catch {
    return hidden(original);
  }
}
