import { CountersignError } from "../domain/error.ts";
import { saysDestructive } from "../domain/mcp/definition.ts";
import { checkParamHeaders } from "../domain/mcp/param-headers.ts";
import { decideWithStanding, withStanding } from "../domain/policy/tool-standing.ts";
import { type Call, factsOf } from "./call.ts";
import type { House } from "./house.ts";
import { listTools } from "./list-tools.ts";
import { MOST_TOOLS, passBy } from "./pass-by.ts";
import type { Pin } from "./pins.ts";

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
  const risks = risksOf(call, pin, house);
  if (risks.length === call.risks.length) return known;
  const risky: Call = { ...known, risks };
  const facts = factsOf(risky, house.now());
  return { ...risky, decision: decideWithStanding(call.caller.principal, call.subject, facts, house.engine) };
}

/** What the call earned, and what its tool's definition adds. */
function risksOf(call: Call, { definition, latest, changed }: Pin, { risks }: House) {
  const { server, target: name, arguments: args, shownTarget: shown } = call;
  const saysSo = saysDestructive(definition) || saysDestructive(latest);
  const assessed = { server, method: "tools/call", name, arguments: args };
  return withStanding(assessed, call.risks, { saysDestructive: saysSo, changed }, { risks, shown });
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
    if (pins.fixed(server, tool) === undefined && !isFull) return undefined;
    return { digest: "", changed: true, definition: undefined, latest: undefined };
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
