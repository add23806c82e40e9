import type { Principal } from "../identity/principal.ts";
import type { Json } from "../json/json.ts";
import type { ClientMessage } from "../mcp/message.ts";
import { argumentsOf, extrasOf, subjectsOf, targetOf } from "../mcp/target.ts";
import { type AssessedCall, assess, type CompiledRisks, type RiskMatch, UNASSESSED } from "../risk/index.ts";
import { type Decision, decideAll } from "./decide.ts";
import type { PolicyEngine } from "./engine.ts";
import type { CallFacts, Subject } from "./question.ts";

/** What risk and policy are asked about beside the message itself. */
export type Surroundings = Pick<CallFacts, "at" | "source" | "session"> & {
  readonly who: Principal;
  readonly server: string;
};

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
  { risks, engine }: { readonly risks: CompiledRisks; readonly engine: PolicyEngine },
): Judged {
  const call = assessedCall(server, message);
  const matches = [...assess(call, risks), ...extraRisks(message, call, risks)];
  const subjects = subjectsOf(server, message);
  const facts = {
    method: message.method,
    risks: [...new Set(matches.map(({ risk }) => risk))],
    arguments: call.arguments,
  };
  return { subjects, risks: matches, decision: decideAll(who, subjects, { ...facts, ...circumstances }, engine) };
}

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
