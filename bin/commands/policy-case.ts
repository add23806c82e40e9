import type { Principal } from "../../lambdas/domain/identity/principal.ts";
import { bodilessMessage, type ClientMessage, readClientMessage } from "../../lambdas/domain/mcp/message.ts";
import { engineAt } from "../../lambdas/domain/policy/engine.ts";
import { judgeWithTool, labelsOf } from "../../lambdas/domain/policy/judge.ts";
import { type CallFacts, question, type Subject } from "../../lambdas/domain/policy/question.ts";
import type { PolicyCase } from "../../lib/config/policy-tests.ts";
import type { WorkingCopy } from "../working-copy.ts";

/** What came of a case, in the words of its `expect`. */
export interface Outcome {
  readonly decision: "allow" | "deny" | "approve";
  readonly policies: readonly string[];
  readonly group: string | null;
  readonly risks: readonly string[];
  readonly reason: string | null;
}

/** Plays one case through the path that a call takes: read, assess, decide, and again with what the tool's definition adds. */
export function play(test: PolicyCase, who: Principal, copy: WorkingCopy): Outcome {
  const when = { at: Date.parse(test.at), source: { ip: test.ip, userAgent: test.userAgent } };
  const session = { id: "test", era: "legacy", kind: test.session } as const;
  if (["approve", "reveal", "audit", "hold", "administer"].includes(test.action))
    return asked(test, who, when, undefined, copy);
  const message = messageOf(test);
  const surroundings = { who, server: test.server, ...when, session };
  const standing = { saysDestructive: test.destructiveHint, changed: test.changed };
  const { subjects, risks, decision } = judgeWithTool(message, surroundings, standing, copy);
  const labels = labelsOf(risks);
  if (test.action !== "call") {
    const facts =
      test.action === "discover" ? { method: "discover", risks: [] } : { method: message.method, risks: labels };
    return asked(test, who, when, { ...facts, arguments: test.arguments, ...when, session }, copy, subjects[0]);
  }
  return {
    decision: decision.kind,
    policies: decision.policies,
    group: decision.kind === "approve" ? decision.group : null,
    risks: labels,
    reason: decision.kind === "deny" ? decision.reason : null,
  };
}

/** An action that is allowed or not, without a third way. */
function asked(
  test: PolicyCase,
  who: Principal,
  when: { readonly at: number; readonly source: { readonly ip: string; readonly userAgent: string } },
  facts: CallFacts | undefined,
  { engine }: WorkingCopy,
  subject: Subject = subjectOf(test),
): Outcome {
  const answer = engineAt(engine, when).ask(question(who, test.action, subject, facts));
  const broken = answer.errors.map(({ policy, message }) => `${policy ?? "the schema"}: ${message}`).join("; ");
  return {
    decision: answer.allowed && broken === "" ? "allow" : "deny",
    policies: answer.determining,
    group: null,
    risks: facts?.risks ?? [],
    reason: broken === "" ? null : broken,
  };
}

/** What an action without a message is asked about: saying which definition of a tool is pinned, of the tool. */
function subjectOf({ action, server, tool, group, risks }: PolicyCase): Subject {
  if (action === "administer" && tool !== undefined) return { kind: "tool", server, name: tool };
  if (action === "administer") return { kind: "account", id: "company|somebody" };
  if (action !== "approve") return { kind: "transcript", id: "record" };
  return {
    kind: "approval",
    id: "approval",
    groups: [group],
    server,
    tool: tool ?? "",
    requester: "company|somebody",
    risks,
    about: "call",
  };
}

function messageOf({ tool, prompt, uri, method, params = {}, arguments: args }: PolicyCase): ClientMessage {
  if (method === "GET" || method === "DELETE") return bodilessMessage(method);
  const name = tool ?? prompt;
  const told = {
    ...params,
    ...(name === undefined ? {} : { name }),
    ...(uri === undefined ? {} : { uri }),
    ...(args === undefined ? {} : { arguments: args }),
  };
  const known = tool ? "tools/call" : prompt ? "prompts/get" : uri ? "resources/read" : (method ?? "initialize");
  const id = known.startsWith("notifications/") ? {} : { id: 1 };
  return readClientMessage(Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...id, method: known, params: told })));
}
