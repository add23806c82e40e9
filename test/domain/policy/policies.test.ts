import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError } from "../../../lib/config/config-error.ts";
import { loadPolicies } from "../../../lib/config/policies.ts";

const SHIPPED = fileURLToPath(new URL("../../../config/policies", import.meta.url));
const SCHEMA = "countersign.cedarschema";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "policies-"));
  copyFileSync(join(SHIPPED, SCHEMA), join(folder, SCHEMA));
});
afterEach(() => rmSync(folder, { recursive: true }));

const KNOWN = { groups: ["developers", "auditors"], servers: ["ops", "files"] };

/** What is said of these files, the folder's own name left out. */
function problem(files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  try {
    loadPolicies(folder, ["platform", "security"], KNOWN);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(`${folder}/`, "");
    throw error;
  }
  return "";
}

const good = '@id("a")\npermit (principal, action == Action::"reveal", resource);\n';

describe("loadPolicies says where and why", () => {
  test.each([
    [
      "no @id",
      `${good}\npermit (principal, action == Action::"reveal", resource);\n`,
      /^p\.cedar:4: a policy without @id/,
    ],
    [
      "an approver group that is not configured",
      `// who decides\n${good}\n// a comment\n@id("b")\n@approvers("platfrom")\npermit (principal, action == Action::"callWithApproval", resource);\n`,
      /^p\.cedar:6: @approvers\("platfrom"\): allowed: platform, security/,
    ],
    [
      "time without end",
      '@id("b")\n@grant_minutes("1e9")\npermit (principal, action == Action::"callWithApproval", resource);',
      /^p\.cedar:1: @grant_minutes\("1e9"\): allowed: a whole number of minutes, 1 to 1440$/,
    ],
    [
      "a session that is neither granted nor not",
      '@id("b")\n@grant_session("yes")\npermit (principal, action == Action::"callWithApproval", resource);',
      /^p\.cedar:1: @grant_session\("yes"\): allowed: true, false$/,
    ],
    [
      "an approval by policy without a reason, and one that names people as well",
      '@id("b")\n@approved_because(" ")\n@approvers("platform")\npermit (principal, action == Action::"callWithApproval", resource);',
      /^p\.cedar:1: @approved_because\(" "\): allowed: the reason, in words\np\.cedar:1: @approvers beside @approved_because/,
    ],
    ["a syntax error", `${good}\n\npermit (principal action, resource);\n`, /^p\.cedar:5: .*unexpected token/],
    [
      "an attribute that the schema does not have",
      `\n${good}\n@id("b")\npermit (principal, action == Action::"call", resource)\nwhen { resource.nmae == "x" };\n`,
      /^p\.cedar:7: b: .*nmae/,
    ],
    [
      "an action that does not exist",
      '@id("b")\npermit (principal, action == Action::"cal", resource);',
      /^p\.cedar:2: b: .*cal/,
    ],
    [
      "a policy that can never apply",
      '\n@id("b")\npermit (principal, action == Action::"reveal", resource is Tool);',
      /^p\.cedar:2: b: .*/,
    ],
    [
      "a condition that is never true",
      '@id("b")\npermit (principal, action == Action::"reveal", resource) when { principal is Workload };',
      /^p\.cedar:1: b: .*impossible/,
    ],
    [
      "an attribute that may be missing and is not asked for first",
      '@id("b")\npermit (principal, action == Action::"reveal", resource) when { context.token.acr == "aal2" };',
      /^p\.cedar:2: b: .*acr/,
    ],
    [
      "an annotation that means nothing",
      '@id("b")\n@aprovers("platform")\npermit (principal, action == Action::"callWithApproval", resource);',
      /^p\.cedar:1: @aprovers: allowed: @id, @approvers, .*@x_<name>$/,
    ],
    [
      "a group that no token can bring",
      `${good}\n@id("b")\nforbid (principal in Group::"developer", action == Action::"call", resource);`,
      /^p\.cedar:4: Group::"developer": allowed: developers, auditors/,
    ],
    [
      "a group in a condition",
      '@id("b")\nforbid (principal, action == Action::"call", resource) unless { principal in Group::"auditor" };',
      /^p\.cedar:1: Group::"auditor": allowed: developers, auditors/,
    ],
    [
      "a server that is not configured",
      `${good}\n@id("b")\nforbid (principal, action == Action::"call", resource in Server::"opps");`,
      /^p\.cedar:4: Server::"opps": allowed: ops, files \(servers of gateway\.yaml\)$/,
    ],
    [
      "a tool of such a server, beside a type",
      '@id("b")\nforbid (principal, action == Action::"administer", resource is Tool in Server::"opps");',
      /^p\.cedar:1: Server::"opps": allowed: ops, files/,
    ],
    [
      "servers, tools, prompts and resources in a condition, each once",
      `@id("b")
forbid (principal, action in [Action::"call", Action::"read"], resource)
when {
  resource in [Server::"files", Server::"file", Tool::"ops/echo", Tool::"opps/echo", Prompt::"ops", Resource::"file/ops/a"] ||
  resource == Server::"file"
};`,
      /^p\.cedar:1: Server::"file": allowed: ops, files .*\np\.cedar:1: Tool::"opps\/echo": allowed: Tool::"<server>\/…" of ops, files \(servers of gateway\.yaml\)\np\.cedar:1: Prompt::"ops": allowed: Prompt::.*\np\.cedar:1: Resource::"file\/ops\/a": allowed: Resource::.*$/,
    ],
    [
      "each mistake at once",
      '@id("b")\n@note("x")\npermit (principal, action == Action::"reveal", resource);\npermit (principal, action, resource);',
      /^p\.cedar:1: @note.*\np\.cedar:4: a policy without @id/,
    ],
    ["an id that is there twice", `${good}\n${good}`, /p\.cedar:4: .*@id\("a"\)/],
    [
      "a template",
      '@id("t")\npermit (principal == ?principal, action, resource);',
      /p\.cedar: templates are not supported/,
    ],
  ])("%s", (_, text, said) => {
    expect(problem({ "p.cedar": text })).toMatch(said);
  });

  test("an id that two files share", () => {
    expect(problem({ "one.cedar": good, "two.cedar": `\n${good}` })).toMatch(/two\.cedar:2: .*@id\("a"\)/);
  });

  test("a folder without policies", () => {
    expect(problem({})).toMatch(/no \*\.cedar file/);
  });

  test("files without a policy in them", () => {
    expect(problem({ "one.cedar": "// to be written\n", "two.cedar": "" })).toMatch(
      /no policy in one\.cedar, two\.cedar/,
    );
    expect(problem({ "one.cedar": "// to be written\n", "two.cedar": good })).toBe("");
  });

  test("a mistake at its own line, once, however many actions it is one for", () => {
    const conditions = 'when {\n  // äöü\n  1 == 1 &&\n  context.nothing == 2 &&\n  principal.zork == "a"\n}';
    const both = `// ä\n${good}@id("b")\npermit (principal, action, resource)\n${conditions};\n`;
    const lines = problem({ "p.cedar": both }).split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^p\.cedar:9: b: .*`nothing`.* and 9 more of this place$/),
      expect.stringMatching(/^p\.cedar:10: b: .*`zork`.* and 1 more of this place$/),
    ]);
    const typed = `${good}@id("b")\npermit (principal, action == Action::"call", resource)\nwhen {\n  1 +\n  "a" == 2 &&\n  resource.nmae == "x"\n};`;
    const found = problem({ "p.cedar": typed }).split("\n");
    expect(found).toEqual([
      expect.stringMatching(/^p\.cedar:7: b: .*expected Long/),
      expect.stringMatching(/^p\.cedar:8: b: .*`nmae`.* and 2 more of this place$/),
    ]);
  });

  test("an empty folder, without even a schema", () => {
    rmSync(join(folder, SCHEMA));
    expect(problem({})).toMatch(/countersign\.cedarschema.*cannot be read/);
  });

  test("a schema that is none", () => {
    expect(problem({ [SCHEMA]: "entity ;", "p.cedar": good })).toMatch(/^countersign\.cedarschema:1: /);
  });
});

test("groups and servers that are configured may be named, wherever they stand", () => {
  const text = `@id("b")
forbid (principal in Group::"auditors", action == Action::"read", resource in Server::"ops")
when { resource in [Server::"ops", Server::"files"] && resource != Resource::"files/file:///opps" };`;
  expect(problem({ "p.cedar": text })).toBe("");
});

test("an annotation of one's own is left alone", () => {
  expect(problem({ "p.cedar": good.replace('@id("a")', '@id("a")\n@x_owner("team-a")') })).toBe("");
});

test("the shipped policies load, each under its @id", () => {
  const bundle = loadPolicies(SHIPPED, ["platform"]);
  expect(bundle.policies.map((policy) => policy.id)).toContain("never-destructive");
  expect(bundle.policies.find(({ id }) => id === "risky-needs-approval")?.annotations.approvers).toBe("platform");
});

test("the digest changes with a policy and with nothing else", () => {
  writeFileSync(join(folder, "p.cedar"), good);
  const before = loadPolicies(folder, []).digest;
  expect(loadPolicies(folder, ["platform"]).digest).toBe(before);
  writeFileSync(join(folder, "p.cedar"), good.replace("permit", "forbid"));
  expect(loadPolicies(folder, []).digest).not.toBe(before);
});
