import { CountersignError } from "../domain/error.ts";
import { saysDestructive } from "../domain/mcp/definition.ts";
import { checkParamHeaders } from "../domain/mcp/param-headers.ts";
import { decideAtLeastApproval } from "../domain/policy/at-least-approval.ts";
import { decide } from "../domain/policy/decide.ts";
import { assess, type RiskMatch } from "../domain/risk/index.ts";
import { type Call, factsOf } from "./call.ts";
import type { House } from "./house.ts";
import { listTools } from "./list-tools.ts";
import { MOST_TOOLS, passBy } from "./pass-by.ts";
import type { Pin } from "./pins.ts";

/** The risk of a tool that is not what is pinned. It is ours: no entry of `risks.yaml` can take it away. */
export const TOOL_CHANGED = "tool-changed";

/** Milliseconds that a server has to list its tools before a call to one that was never seen; at most a quarter of the call's time. */
const PATIENCE = 3000;

/**
 * A call with what its tool's definition adds: the server's word that it destroys, headers that belong to arguments, and
 * whether it is still the tool that was pinned. A call that policy denies is left alone: it asks the server nothing.
 *
 * @throws ProtocolRefusal for a header that differs from its argument, CountersignError `evidence_unavailable` where the
 *   pin cannot be read or recorded
 */
export async function knownTool(call: Call, house: House): Promise<Call> {
  if (call.message.method !== "tools/call" || call.decision.kind === "deny") return call;
  const pin = await pinOf(call, house);
  if (pin === undefined) return call;
  checkParamHeaders(call.message, call.headers, pin.latest?.inputSchema);
  const known: Call = { ...call, toolDigest: pin.digest };
  const added = [...destructiveRisks(call, pin, house), ...(pin.changed ? [changedRisk(call)] : [])];
  if (added.length === 0) return known;
  const risky: Call = { ...known, risks: [...call.risks, ...added].sort(byRisk) };
  return { ...risky, decision: redecide(risky, house) };
}

/** Decides a call again that may have a changed tool: then nobody but a human lets it through. */
export function redecide(call: Call, house: House): Call["decision"] {
  const facts = factsOf(call, house.now());
  const { principal } = call.caller;
  if (!facts.risks.includes(TOOL_CHANGED)) return decide(principal, call.subject, facts, house.engine);
  const why = "the tool's definition is not the one that is pinned";
  return decideAtLeastApproval(principal, call.subject, facts, house.engine, why);
}

async function pinOf(call: Call, house: House): Promise<Pin | undefined> {
  const { pins } = house;
  const { server, target: tool, session } = call;
  const { era } = call.message;
  const key = { server, era, tool };
  try {
    const pin = await pins.of(key);
    // Somebody may have pinned it again: who needs approval should not need it for longer than that.
    if (pin?.changed) pins.forget(key);
    if (pin !== undefined) return pin.changed ? await pins.of(key) : pin;
    await pins.learn(server, session, () => learn(call, house));
    const learned = await pins.of(key);
    if (learned !== undefined) return learned;
    // A tool that its server does not list was described to nobody: the server itself says what it makes of the call.
    const isFull = (await pins.rows(server, era)).size >= MOST_TOOLS;
    const allowed = pins.fixed(server, tool);
    if (allowed === undefined && !isFull) return undefined;
    return { digest: "", changed: !allowed?.length, definition: undefined, latest: undefined };
  } catch (cause) {
    throw new CountersignError("evidence_unavailable", "the tool's pin could not be read or recorded", { cause });
  }
}

/** Lists the server's tools and pins them. A server that is slow to tell is not waited for: its own list will tell. */
async function learn(call: Call, house: House): Promise<void> {
  const ended = new AbortController();
  const patience = Math.min(PATIENCE, house.settings.config.limits.callTimeout * 250);
  const timer = setTimeout(() => ended.abort(), patience);
  const asking = { ...call, ended };
  try {
    for await (const page of listTools(asking, house)) await passBy(asking, page, house);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/** The risks that only the server's own word earns. */
function destructiveRisks(call: Call, pin: Pin, { risks }: House): RiskMatch[] {
  if (!saysDestructive(pin.definition) && !saysDestructive(pin.latest)) return [];
  const hinted = risks.filter(({ destructiveHint }) => destructiveHint === true);
  const { server, target: name, arguments: args } = call;
  return [...assess({ server, method: "tools/call", name, arguments: args, destructiveHint: true }, hinted)].filter(
    (match) => !call.risks.some((known) => known.risk === match.risk && known.pointer === match.pointer),
  );
}

const changedRisk = ({ shownTarget }: Call): RiskMatch => ({
  risk: TOOL_CHANGED,
  pointer: "",
  start: 0,
  length: shownTarget.length,
  text: shownTarget.slice(0, 200).toWellFormed(),
});

/** By code unit, as `assess` sorts. */
const byRisk = (a: RiskMatch, b: RiskMatch) => (a.risk < b.risk ? -1 : a.risk > b.risk ? 1 : 0);
