import { keepBody, type MaskedBody } from "../domain/evidence/body.ts";
import type { RecordType } from "../domain/evidence/record.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { maskJson, maskText } from "../domain/masking/index.ts";
import { shortened } from "../domain/mcp/abridged.ts";
import type { DefinedTool } from "../domain/mcp/definition.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { hidden } from "./recording.ts";
import { abridgedChanges, type ChangedTool, changesOf, reasonOf, type ToolChange } from "./tool-changes.ts";

/** Longest list of names in a record's target and reason: an event's texts are no longer. The body has them all. */
const LONGEST_NAMES = 500;

/** Records the tools of a list that were pinned, with their digests: one record for all that came together. */
export async function recordPinned(call: Call, tools: readonly DefinedTool[], house: House): Promise<void> {
  if (tools.length === 0) return;
  const text = JSON.stringify({ tools: tools.map(({ name, digest }) => ({ name, digest })) });
  const reason = `${tools.length} tools were listed for the first time`;
  const step = { type: "tool.pinned", outcome: "first-use", reason, tools } as const;
  await append(call, step, await maskedBody(text, call, house), house);
}

/** Records what changed, as a difference, masked like whatever a server says. */
export async function recordChanged(call: Call, changed: readonly ChangedTool[], house: House): Promise<void> {
  const body = await maskedBody(JSON.stringify({ tools: changesOf(changed) }), call, house);
  const told = toldBy(body.masked);
  const reason = told === undefined ? "what differs could not be masked" : reasonOf(told);
  const step = { type: "tool.changed", outcome: "changed", reason, tools: changed.map(({ tool }) => tool) } as const;
  await append(call, step, { ...body, masked: readable(body.masked) }, house);
}

/** The body of a record with what is too long left out, and marked; the sealed original has all of it. */
function readable(body: string): string {
  const tools = toldBy(body);
  return tools === undefined ? body : JSON.stringify({ tools: abridgedChanges(tools) });
}

/** Undefined where nothing could be masked, and all of it is withheld. */
const toldBy = (body: string) => (JSON.parse(body) as { readonly tools?: readonly ToolChange[] }).tools;

/** What is pinned holds for everybody; the record names the caller whose list or call it was. */
async function append(
  call: Call,
  step: {
    readonly type: RecordType;
    readonly outcome: string;
    readonly reason: string;
    readonly tools: readonly DefinedTool[];
  },
  body: MaskedBody,
  house: House,
): Promise<void> {
  const at = house.now();
  const part = `relayed-${house.newId(at)}`;
  const kept = await keepBody(body, { call: call.id, part }, house.contentKey, house.bodies);
  const keyedHash = await house.keyedHash();
  const shown = (words: string) =>
    shortened(maskText(words, house.masking(call.server), keyedHash).text, LONGEST_NAMES).toWellFormed();
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
async function maskedBody(original: string, { server }: Call, house: House): Promise<MaskedBody> {
  const keyedHash = await house.keyedHash();
  try {
    const { text: masked, findings } = maskJson(original, house.masking(server), keyedHash);
    return { original, masked, findings };
  } catch {
    return hidden(original);
  }
}
