import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  checkParseSchema,
  type DetailedError,
  type PolicyJson,
  policySetTextToParts,
  policyToJson,
  type SchemaJson,
  schemaToJson,
  type ValidationError,
  validate,
} from "@cedar-policy/cedar-wasm/nodejs";
import { sha256Hex } from "../../lambdas/domain/json/canonical.ts";
import { annotationProblems } from "./annotations.ts";
import { ConfigError } from "./load.ts";
import { type KnownNames, unknownNames } from "./policy-names.ts";

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
  /** Both as Cedar parsed them at synth: doing it again would be a third of a function's cold start. */
  readonly parsed?: ParsedPolicies;
}

export interface ParsedPolicies {
  readonly schema: SchemaJson<string>;
  /** By id. */
  readonly policies: Readonly<Record<string, PolicyJson>>;
}

/**
 * Reads `*.cedar` and the schema of a folder and validates the policies against the schema.
 *
 * @param folder holds `countersign.cedarschema` and the policy files
 * @param approverGroups the groups that `@approvers` may name
 * @param known the groups of tokens, and the servers, that policies may name
 * @throws ConfigError with file, line and cause of every mistake
 */
export function loadPolicies(
  folder: string,
  approverGroups: readonly string[],
  known: KnownNames = { groups: null, servers: null },
): PolicyBundle {
  const schemaFile = join(folder, "countersign.cedarschema");
  const schema = read(schemaFile);
  const parsed = checkParseSchema(schema);
  if (parsed.type === "failure") throw new ConfigError(parsed.errors.map((error) => saying(schemaFile, schema, error)));
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".cedar"))
    .sort();
  if (files.length === 0) throw new ConfigError([`${folder}: no *.cedar file; without a policy every call is denied`]);
  const placed = files.flatMap((name) => readFile(join(folder, name), { approverGroups, ...known }));
  if (placed.length === 0)
    throw new ConfigError([`${folder}: no policy in ${files.join(", ")}; without a policy every call is denied`]);
  const twice = placed.find(({ policy }, at) => placed.findIndex((other) => other.policy.id === policy.id) !== at);
  if (twice) throw new ConfigError([`${twice.where}: another policy has @id("${twice.policy.id}")`]);
  validateAll(placed, schema);
  const policies = placed.map(({ policy }) => policy);
  const digest = sha256Hex(JSON.stringify([schema, policies.map((p) => [p.id, p.text])]));
  return { schema, policies, digest, parsed: parsePolicies(schema, policies) };
}

/**
 * Schema and policies as Cedar's JSON.
 *
 * @throws ConfigError with what Cedar says
 */
export function parsePolicies(schema: string, policies: readonly PolicySource[]): ParsedPolicies {
  const json = schemaToJson(schema);
  if (json.type === "failure") throw new ConfigError(json.errors.map(({ message }) => message));
  const each = policies.map(({ id, text }) => {
    const policy = policyToJson(text);
    if (policy.type === "failure") throw new ConfigError(policy.errors.map(({ message }) => `${id}: ${message}`));
    return [id, policy.json] as const;
  });
  return { schema: json.json, policies: Object.fromEntries(each) };
}

interface Placed {
  readonly policy: PolicySource;
  /** File and line. */
  readonly where: string;
  readonly file: string;
  /** The line of the file that the policy begins in, counted from 1. */
  readonly line: number;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ConfigError([`${file}: cannot be read`]);
  }
}

/** The names that a policy may use. */
interface Names extends KnownNames {
  readonly approverGroups: readonly string[];
}

function readFile(file: string, names: Names): Placed[] {
  const text = read(file);
  const parts = policySetTextToParts(text);
  if (parts.type === "failure") throw new ConfigError(parts.errors.map((error) => saying(file, text, error)));
  if (parts.policy_templates.length > 0) throw new ConfigError([`${file}: templates are not supported`]);
  const offsets = offsetsOf(text, parts.policies);
  const problems: { readonly offset: number; readonly said: string }[] = [];
  const placed = parts.policies.flatMap((policy, index): (Placed & { readonly offset: number })[] => {
    const offset = offsets[index] ?? 0;
    const where = placeIn(file, text, offset);
    const complain = (...said: readonly string[]) => {
      for (const one of said) problems.push({ offset, said: `${where}: ${one}` });
      return [];
    };
    const parsed = policyToJson(policy);
    if (parsed.type === "failure") return complain(...parsed.errors.map((e) => e.message));
    const annotations = Object.fromEntries(Object.entries(parsed.json.annotations ?? {}).map(([k, v]) => [k, v ?? ""]));
    const id = annotations.id;
    if (!id) return complain('a policy without @id("...")');
    complain(...annotationProblems(annotations, names.approverGroups), ...unknownNames(parsed.json, names));
    return [{ policy: { id, text: policy, annotations }, where, file, line: lineOf(text, offset), offset }];
  });
  if (problems.length > 0) throw new ConfigError(problems.sort((a, b) => a.offset - b.offset).map(({ said }) => said));
  return placed.sort((a, b) => a.offset - b.offset);
}

/**
 * What can never apply is a mistake too: Cedar warns of a policy that no question can match. It says of a mistake once for
 * each action and pair of types that it is one for; here each place is told once.
 */
function validateAll(placed: readonly Placed[], schema: string): void {
  const answer = validate({
    schema,
    policies: { staticPolicies: Object.fromEntries(placed.map(({ policy }) => [policy.id, policy.text])) },
    validationSettings: { mode: "strict" },
  });
  if (answer.type === "failure") throw new ConfigError(answer.errors.map((e) => e.message));
  const wrong = [...answer.validationErrors, ...answer.validationWarnings];
  const problems = placed.flatMap(({ policy, file, line }) => {
    const told = (all: readonly ValidationError[]) => {
      const own = all.filter(({ policyId }) => policyId === policy.id).map(({ error }) => error);
      own.sort((a, b) => (a.message < b.message ? -1 : 1));
      const byPlace = [...Map.groupBy(own, (error) => startOf(error)).entries()].sort(([a], [b]) => a - b);
      return byPlace.map(([at, [first, ...others]]) => {
        const where = `${file}:${line - 1 + lineOf(policy.text, at)}: ${policy.id}`;
        const more = others.length === 0 ? "" : `; and ${others.length} more of this place`;
        return `${where}: ${first?.message}${first?.help ? ` (${first.help})` : ""}${more}`;
      });
    };
    // Where something is wrong, Cedar warns of what follows from it too.
    const errors = told(answer.validationErrors);
    return errors.length > 0 ? errors : told(answer.validationWarnings);
  });
  if (wrong.length > 0) throw new ConfigError(problems.length > 0 ? problems : wrong.map(({ error }) => error.message));
}

const startOf = ({ sourceLocations }: DetailedError) => sourceLocations?.[0]?.start ?? 0;

const lineOf = (text: string, offset: number) => text.slice(0, offset).split("\n").length;

const placeIn = (file: string, text: string, offset: number) => `${file}:${lineOf(text, offset)}`;

const saying = (file: string, text: string, error: DetailedError) =>
  `${placeIn(file, text, startOf(error))}: ${error.message}${error.help ? ` (${error.help})` : ""}`;

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
