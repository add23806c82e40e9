import type { Principal } from "../identity/principal.ts";
import type { Json } from "../json/json.ts";
import type { ClientMessage } from "../mcp/message.ts";
import { argumentsOf, extrasOf, subjectsOf, targetOf } from "../mcp/target.ts";
import { type AssessedCall, assess, type CompiledRisks, type RiskMatch, UNASSESSED } from "../risk/index.ts";
import { type Decision, decideAll } from "./decide.ts";
import type { PolicyEngine } from "./engine.ts";
import type { CallFacts, Subject } from "./question.ts";
import { decideWithStanding, destructiveRisks, type ToolStanding, withStanding } from "./tool-standing.ts";

/** What risk and policy are asked about beside the message itself. */
export type Surroundings = Pick<CallFacts, "at" | "source" | "session"> & {
  readonly who: Principal;
  readonly server: string;
};

/** By what a call is assessed and decided. */
export interface Rules {
  readonly risks: CompiledRisks;
  readonly engine: PolicyEngine;
}

/** What risk and policy make of a message. */
export interface Judged {
  readonly subjects: readonly [Subject, ...Subject[]];
  readonly risks: readonly RiskMatch[];
  readonly decision: Decision;
}

/**
 * Assesses and decides a message: one that comes, one that a test makes up, or one that is looked at again.
 *
 * @throws ProtocolRefusal when the message does not say what it is about, CountersignError `bad_request` for more
 * arguments than can be looked at
 */
export function judge(
  message: ClientMessage,
  { who, server, ...circumstances }: Surroundings,
  { risks, engine }: Rules,
): Judged {
  const call = assessedCall(server, message);
  const matches = [...assess(call, risks), ...extraRisks(message, call, risks)];
  const subjects = subjectsOf(server, message);
  const facts = {
    method: message.method,
    risks: labelsOf(matches),
    arguments: call.arguments,
  };
  return { subjects, risks: matches, decision: decideAll(who, subjects, { ...facts, ...circumstances }, engine) };
}

/**
 * What the gateway makes of a message once it knows the tool that is called: it asks about one only where policy does not
 * deny the call anyway.
 *
 * @throws as `judge`
 */
export function judgeWithTool(
  message: ClientMessage,
  surroundings: Surroundings,
  standing: ToolStanding,
  rules: Rules,
): Judged {
  const judged = judge(message, surroundings, rules);
  if (message.method !== "tools/call" || judged.decision.kind === "deny") return judged;
  const { who, server, ...circumstances } = surroundings;
  const call = assessedCall(server, message);
  const risks = withStanding(call, judged.risks, standing, { risks: rules.risks, shown: call.name });
  if (risks.length === judged.risks.length) return judged;
  const facts = { method: message.method, risks: labelsOf(risks), arguments: call.arguments, ...circumstances };
  return { ...judged, risks, decision: decideWithStanding(who, judged.subjects[0], facts, rules.engine) };
}

/** The labels that this message would earn beside those it has, if the server called its tool destructive. */
export const hintedLabels = (message: ClientMessage, server: string, { risks }: Judged, rules: Rules): string[] =>
  labelsOf(destructiveRisks(assessedCall(server, message), risks, rules.risks)).filter(
    (label) => !risks.some(({ risk }) => risk === label),
  );

/** Each label once. */
export const labelsOf = (risks: readonly RiskMatch[]): string[] => [...new Set(risks.map(({ risk }) => risk))];

/** A message as risks are looked for in it. */
const assessedCall = (server: string, message: ClientMessage): AssessedCall => ({
  server,
  method: message.method,
  name: targetOf(message),
  arguments: argumentsOf(message),
});

/** What comes beside the arguments, such as answers to a server's questions, earns risks like arguments. */
function extraRisks(message: ClientMessage, call: AssessedCall, risks: CompiledRisks): RiskMatch[] {
  const extras: Json | undefined = extrasOf(message);
  if (extras === undefined) return [];
  return assess({ ...call, arguments: extras }, risks).filter(
    // What the name earned is known already; what could not be read is not.
    ({ pointer, risk }) => pointer !== "" || risk === UNASSESSED,
  );
}
