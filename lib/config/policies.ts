import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DetailedError, policySetTextToParts, policyToJson, validate } from "@cedar-policy/cedar-wasm/nodejs";
import { annotationProblems } from "./annotations.ts";
import { ConfigError } from "./load.ts";

/** One Cedar policy, named by its `@id`. */
export interface PolicySource {
  readonly id: string;
  readonly text: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PolicyBundle {
  readonly schema: string;
  readonly policies: readonly PolicySource[];
  /** SHA-256, hex, over schema and policies: stands in every record that a decision of theirs made. */
  readonly digest: string;
}

/**
 * Reads `*.cedar` and the schema of a folder and validates the policies against the schema.
 *
 * @param folder holds `countersign.cedarschema` and the policy files
 * @param approverGroups the groups that `@approvers` may name
 * @throws ConfigError with file, line and cause of every mistake
 */
export function loadPolicies(folder: string, approverGroups: readonly string[]): PolicyBundle {
  const schema = read(join(folder, "countersign.cedarschema"));
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".cedar"))
    .sort();
  if (files.length === 0) throw new ConfigError([`${folder}: no *.cedar file; without a policy every call is denied`]);
  const placed = files.flatMap((name) => readFile(join(folder, name), schema, approverGroups));
  const twice = placed.find(({ policy }, at) => placed.findIndex((other) => other.policy.id === policy.id) !== at);
  if (twice) throw new ConfigError([`${twice.where}: another policy has @id("${twice.policy.id}")`]);
  const policies = placed.map(({ policy }) => policy);
  const digest = createHash("sha256")
    .update(JSON.stringify([schema, policies.map((p) => [p.id, p.text])]))
    .digest("hex");
  return { schema, policies, digest };
}

interface Placed {
  readonly policy: PolicySource;
  /** File and line. */
  readonly where: string;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ConfigError([`${file}: cannot be read`]);
  }
}

function readFile(file: string, schema: string, approverGroups: readonly string[]): Placed[] {
  const text = read(file);
  const at = (offset: number) => `${file}:${text.slice(0, offset).split("\n").length}`;
  const complain = (errors: readonly DetailedError[]): never => {
    throw new ConfigError(
      errors.map((e) => `${at(e.sourceLocations?.[0]?.start ?? 0)}: ${e.message}${e.help ? ` (${e.help})` : ""}`),
    );
  };
  const parts = policySetTextToParts(text);
  if (parts.type === "failure") return complain(parts.errors);
  if (parts.policy_templates.length > 0) throw new ConfigError([`${file}: templates are not supported`]);
  const offsets = offsetsOf(text, parts.policies);
  const placed = parts.policies.map((policy, index): Placed & { offset: number } => {
    const offset = offsets[index] ?? 0;
    const where = at(offset);
    const json = policyToJson(policy);
    if (json.type === "failure") return complain(json.errors);
    const annotations = Object.fromEntries(Object.entries(json.json.annotations ?? {}).map(([k, v]) => [k, v ?? ""]));
    const id = annotations.id;
    if (!id) throw new ConfigError([`${where}: a policy without @id("...")`]);
    const problems = annotationProblems(annotations, approverGroups);
    if (problems.length > 0) throw new ConfigError(problems.map((problem) => `${where}: ${problem}`));
    const answer = validate({
      schema,
      policies: { staticPolicies: { [id]: policy } },
      validationSettings: { mode: "strict" },
    });
    if (answer.type === "failure") throw new ConfigError(answer.errors.map((e) => `${where}: ${e.message}`));
    const wrong = [...answer.validationErrors, ...answer.validationWarnings];
    if (wrong.length > 0) throw new ConfigError(wrong.map((w) => `${where}: ${id}: ${w.error.message}`));
    return { policy: { id, text: policy, annotations }, where, offset };
  });
  return placed.sort((a, b) => a.offset - b.offset);
}

/** Where each policy stands in its file. Cedar hands them over in another order, and one may be the tail of another. */
function offsetsOf(text: string, policies: readonly string[]): number[] {
  const taken: { start: number; end: number }[] = [];
  const offsets = new Map<number, number>();
  const longestFirst = policies
    .map((policy, index) => ({ policy, index }))
    .sort((a, b) => b.policy.length - a.policy.length);
  for (const { policy, index } of longestFirst) {
    let start = text.indexOf(policy);
    while (start !== -1 && taken.some((other) => start < other.end && start + policy.length > other.start))
      start = text.indexOf(policy, start + 1);
    taken.push({ start, end: start + policy.length });
    offsets.set(index, Math.max(start, 0));
  }
  return policies.map((_, index) => offsets.get(index) ?? 0);
}
