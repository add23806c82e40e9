import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { PolicyBundle, PolicySource } from "../../../lib/config/policies.ts";

const SCHEMA = new URL("../../../config/policies/countersign.cedarschema", import.meta.url);

/**
 * Policies as a company with many teams writes them: some for everyone, which every call meets, and most for a server or a
 * tool of one team. Half of them look at arguments.
 */
export function policiesOf(count: number): PolicyBundle {
  const policies = Array.from({ length: count }, (_, at): PolicySource => {
    const id = `policy-${at}`;
    return {
      id,
      text: `@id("${id}") ${textOf(at)}`,
      annotations: at % 10 === 2 ? { id, approvers: "platform" } : { id },
    };
  });
  const schema = readFileSync(SCHEMA, "utf8");
  const digest = createHash("sha256").update(JSON.stringify(policies)).digest("hex");
  return { schema, policies, digest };
}

/** Of ten policies, four have a scope that every call of a tool meets. */
function textOf(at: number): string {
  switch (at % 10) {
    case 0:
      return `forbid (principal, action in [Action::"call", Action::"callWithApproval"], resource) when { context.risks.contains("risk-${at}") };`;
    case 1:
      return `permit (principal in Group::"team-${at}", action in [Action::"call", Action::"read"], resource) when { context.risks.isEmpty() && context.arguments.hasTag("/field-${at}") };`;
    case 2:
      return `permit (principal in Group::"developers", action == Action::"callWithApproval", resource) when { context.risks.contains("iam-change") && !context.arguments.hasTag("/absent-${at}") };`;
    case 3:
      return `forbid (principal, action == Action::"call", resource is Tool) when { context.arguments.hasTag("/field-${at}") && context.arguments.getTag("/field-${at}") like "*never-${at}*" };`;
    case 4:
      return `permit (principal in Group::"developers", action == Action::"call", resource in Server::"ops") when { context.risks.isEmpty() };`;
    case 5:
      return `permit (principal in Group::"team-${at}", action == Action::"call", resource in Server::"server-${at}") when { context.risks.isEmpty() };`;
    case 6:
      return `permit (principal is Workload, action == Action::"call", resource in Server::"server-${at}") when { principal.id like "github|acme/team-${at}:*" };`;
    case 7:
      return `permit (principal, action == Action::"call", resource == Tool::"server-${at}/deploy") when { context.arguments.hasTag("/env") && context.arguments.getTag("/env") == "dev" };`;
    case 8:
      return `permit (principal in Group::"developers", action == Action::"discover", resource in Server::"server-${at}");`;
    default:
      return `permit (principal in Group::"team-${at}", action == Action::"read", resource in Server::"server-${at}");`;
  }
}

/** Arguments of so many bytes of JSON, other ones for each `run`: flat and nested, as tools take them. */
export function argumentsOf(bytes: number, run: number): Record<string, unknown> {
  const made: Record<string, unknown> = { env: `stage-${run}` };
  let size = 20;
  for (let at = 0; size < bytes; at += 1) {
    const text = `value ${at} of run ${run}: ${"lorem ipsum dolor sit amet ".repeat(2)}`;
    made[`field-${at}`] = at % 5 === 0 ? { name: text, count: at, tags: ["a", "b"] } : text;
    size += text.length + (at % 5 === 0 ? 60 : 18);
  }
  return made;
}
