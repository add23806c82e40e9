import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { ConfigError } from "../../lib/config/config-error.ts";
import { buildSettings } from "../../lib/config/settings.ts";
import { configWith } from "./template.ts";

// The first reading proves every expression of the configuration linear, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const DIGEST = "0".repeat(64);
const ALLOWED = "allowed: everything, ops (servers of gateway.yaml)";

/** The files that name servers, with this name in each of them: what is written, and where the name stands. */
const naming = (server: string) => ({
  "pins.json": `{\n  "servers": {\n    "everything": { "echo": ["${DIGEST}"] },\n    "${server}": { "echo": ["${DIGEST}"] }\n  }\n}\n`,
  "risks.yaml": `risks:\n  - risk: x\n    description: d\n    where:\n      tool: ^a\n      server: ${server}\n`,
  "masking.yaml": `rules: [credentials]\nallow:\n  - kind: EMAIL_ADDRESS\n    server: ${server}\n    value: help@example\\.com\nown: []\n`,
  "policies/own.cedar": `// about one server\n\n@id("own")\nforbid (principal, action == Action::"call", resource in Server::"${server}");\n`,
});
type File = keyof ReturnType<typeof naming>;

/** What is said of a configuration, whose servers are `everything` and `ops`, with these files beside it. */
function problemsOf(...files: readonly [file: File, server: string][]): readonly string[] {
  const config = configWith({});
  const folder = dirname(config);
  for (const [file, server] of files) writeFileSync(join(folder, file), naming(server)[file]);
  try {
    buildSettings(config);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.replace(`${folder}/`, ""));
    throw error;
  }
}

describe("a server that is not configured is refused with file, line and the names that are", () => {
  test.each<[File, string]>([
    ["pins.json", `pins.json:4: servers.opz: found "opz", ${ALLOWED}`],
    ["risks.yaml", `risks.yaml:6: risks[0].where.server: found "opz", ${ALLOWED}`],
    ["masking.yaml", `masking.yaml:4: allow[0].server: found "opz", ${ALLOWED}`],
    ["policies/own.cedar", `policies/own.cedar:3: Server::"opz": ${ALLOWED}`],
  ])("in %s", (file, problem) => {
    expect(problemsOf([file, "opz"])).toEqual([problem]);
    expect(problemsOf([file, "ops"])).toEqual([]);
  });

  test("in all files that are not policies at once", () => {
    const problems = problemsOf(["pins.json", "opz"], ["risks.yaml", "opy"], ["masking.yaml", "opx"]);
    expect(problems).toEqual([
      expect.stringContaining('found "opz"'),
      expect.stringContaining('found "opy"'),
      expect.stringContaining('found "opx"'),
    ]);
  });
});

test("a server that is renamed in gateway.yaml alone is missed by the policies that name it", () => {
  const config = configWith({ "name: ops": "name: operations" });
  expect(() => buildSettings(config)).toThrow(/starter\.cedar:\d+: Server::"ops": allowed: everything, operations/);
  expect(readFileSync(config, "utf8")).toContain("name: operations");
});
