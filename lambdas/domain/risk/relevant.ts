import { madeOnce, Remembered } from "../remembered.ts";
import type { AssessedCall, CompiledRisk, CompiledRisks } from "./risk.ts";
import { isSequence } from "./words.ts";

/** Tools whose risks are kept, and the characters of what tells one of them. */
const MOST_TOOLS = 1000;
const LONGEST_TOOL = 200;

const remembered = madeOnce((_: CompiledRisks) => new Remembered<string, readonly CompiledRisk[]>(MOST_TOOLS));

/**
 * The risks that a call may have by what it calls, whatever its arguments are.
 *
 * @param words the tool's name, as `wordsOf` gives it
 */
export function relevantRisks(
  call: AssessedCall,
  words: readonly string[],
  risks: CompiledRisks,
): readonly CompiledRisk[] {
  const known = remembered(risks);
  // Of a resource or a prompt the name says nothing here.
  const name = call.method === "tools/call" ? words.join("_") : "";
  const key = `${call.server}\n${call.method}\n${call.destructiveHint === true}\n${name}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const relevant = risks.filter((risk) => applies(risk, call, name, words));
  if (key.length <= LONGEST_TOOL) known.set(key, relevant);
  return relevant;
}

/** `createRole`, `CreateRole` and `create-role` are one tool to a risk: `create`, `role`. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .normalize("NFKC")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase()
    .split("_");

function applies(risk: CompiledRisk, call: AssessedCall, name: string, words: readonly string[]): boolean {
  if (risk.server !== undefined && risk.server !== call.server) return false;
  if (risk.method !== undefined && risk.method !== call.method) return false;
  if (risk.destructiveHint && call.destructiveHint !== true) return false;
  if (risk.tool === undefined && risk.tools === undefined) return true;
  if (call.method !== "tools/call") return false;
  if (risk.tool !== undefined && !risk.tool.test(name)) return false;
  return risk.tools === undefined || risk.tools.some((steps) => isSequence(steps, words));
}
