import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Json } from "../../../lambdas/domain/json/json.ts";
import { assess, compileRisks, UNASSESSED } from "../../../lambdas/domain/risk/index.ts";
import { readShell } from "../../../lambdas/domain/risk/shell/read.ts";
import { MOST_WORD_CHARACTERS, startWork } from "../../../lambdas/domain/risk/work.ts";
import type { RisksConfig } from "../../../lib/config/risks.ts";
import { CALM, PIPED, WRAPPED } from "./spelling-cases.ts";

const catalogue = compileRisks(parse(readFileSync("config/risks.yaml", "utf8")) as RisksConfig);
const labels = (args: Json, name = "execute_command") => [
  ...new Set(assess({ server: "ops", method: "tools/call", name, arguments: args }, catalogue).map(({ risk }) => risk)),
];

describe("a command behind another one", () => {
  test.each(WRAPPED)("%s destroys", (command) => {
    expect(labels({ command })).toContain("destructive");
  });
  test.each(WRAPPED)("%s destroys as words, too", (command) => {
    expect(labels({ command: "bash", args: ["-c", command] })).toContain("destructive");
  });
});

test.each(PIPED)("%s runs what it fetched", (command) => {
  expect(labels({ command })).toContain("code-execution");
});

test.each(CALM)("%s earns nothing", (command) => {
  expect(labels({ command })).toEqual([]);
});

describe("a script that is not read whole leaves its call unassessed", () => {
  const deep = `echo '${"(".repeat(151)}'; rm -rf /srv`;
  const documents = `echo '${"<<".repeat(501)}'; rm -rf /srv`;
  test.each<[string, Json, string?]>([
    ["in one text", { command: deep }],
    ["in words", { command: "bash", args: ["-c", deep] }],
    ["in words, with many documents", { command: "bash", args: ["-c", documents] }],
    ["in words of one list", { argv: ["sudo", "bash", "-c", deep] }],
    ["in a list of any name", { value: ["ssh", "-t", "host", deep] }],
    ["in words behind the tool's name", { args: ["exec", "-it", "pod", "--", "sh", "-c", deep] }, "run_kubectl"],
    ["in a command behind the tool's name", { command: deep }, "kubectl"],
    ["in a text behind the tool's name", { input: deep }, "kubectl"],
    ["in a text that only may be a command", { input: deep }],
  ])("%s", (_, args, name) => {
    expect(labels(args, name)).toContain(UNASSESSED);
  });

  test("but what is no command of a tool may be worded as it likes", () => {
    expect(labels({ author: "it's me (really" }, "git_commit")).toEqual([]);
  });

  test("and no number of commands hides one behind them", () => {
    expect(labels({ input: `${"echo a\n".repeat(7000)}rm -rf /srv` })).toContain("destructive");
  });
});

describe("the words of wrappers in wrappers", () => {
  const commandsOf = (text: string) => readShell(text, startWork()).commands.map(({ words }) => words);

  test.each(["perf ", "sudo --a ", "bwrap sudo --a ", "watch perf "])(
    "are each run a few times, and not once for every way to them: %s",
    (wrapper) => {
      const text = `${wrapper.repeat(30)}ls`;
      expect(commandsOf(text).length).toBeLessThan(60 * text.split(" ").length);
      expect(labels({ command: text })).toContain(UNASSESSED);
    },
  );

  test("are run as deep as before, by whichever way they are reached first", () => {
    expect(commandsOf(`${"perf ".repeat(100)}rm -rf /srv`)).toContainEqual(["rm", "-rf", "/srv"]);
  });

  test("are run again in another command", () => {
    const runs = commandsOf("sudo rm -rf /srv; sudo rm -rf /srv").filter(([program]) => program === "rm");
    expect(runs).toHaveLength(2);
  });
});

describe("an argument that is named for a bucket", () => {
  test.each<[string, Json]>([
    ["a name", { bucket: "evil-logs" }],
    ["a name of digits", { bucket: "4815162342" }],
    ["a name that only begins as ours", { bucket: "acme-logs@evil" }],
    ["a name beside a flag", { bucket: "evil-logs", encryptBucket: true }],
  ])("is one: %s", (_, args) => {
    expect(labels(args, "put_object")).toContain("external-write");
  });
  test.each<[string, Json, string?]>([
    ["a flag", { bucket: "acme-logs", encryptBucket: true, createBucket: false }],
    ["a count", { bucket: "acme-logs", maxBuckets: 1000 }],
    ["a flag of accounts", { includeAccountIds: true }, "share_snapshot"],
  ])("is none: %s", (_, args, name = "put_object") => {
    expect(labels(args, name)).toEqual([]);
  });
});

describe("what variables become", () => {
  const words = (text: string) => {
    const work = startWork();
    const { commands } = readShell(text, work);
    const length = commands.flatMap((command) => command.words).reduce((sum, word) => sum + word.length, 0);
    return { length, exhausted: work.exhausted };
  };

  test.each([
    ["a variable that is used often", `a=${"b".repeat(60_000)};${"$a;".repeat(800)}`],
    ["one that is added to", "a+=bbbbbbbb;".repeat(8000)],
    ["positional parameters", `set -- ${"a ".repeat(30_000)};${"sudo $@;".repeat(400)}`],
    ["what is printed", `a=${"b".repeat(60_000)};${"$(echo $a);".repeat(400)}`],
  ])("is counted, and so much is read: %s", (_, text) => {
    const { length, exhausted } = words(text);
    expect(exhausted).toBe(true);
    expect(length).toBeLessThanOrEqual(MOST_WORD_CHARACTERS);
    expect(labels({ command: text })).toContain(UNASSESSED);
  });

  test("leaves an honest script alone, however long it is", () => {
    const script = 'name="out/$1"; mkdir -p "$name" && cp README.md "$name"/\n'.repeat(2000);
    expect(words(script)).toMatchObject({ exhausted: false });
    expect(labels({ command: script })).toEqual([]);
  });
});
