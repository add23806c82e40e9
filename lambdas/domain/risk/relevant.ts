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
 * @param wordings the tool's name, as `wordingsOf` gives it
 */
export function relevantRisks(
  call: AssessedCall,
  wordings: readonly (readonly string[])[],
  risks: CompiledRisks,
): readonly CompiledRisk[] {
  const known = remembered(risks);
  // Of a resource or a prompt the name says nothing here.
  const names = call.method === "tools/call" ? wordings.map((words) => words.join("_")) : [];
  const key = `${call.server}\n${call.method}\n${call.destructiveHint === true}\n${names.join("\n")}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const relevant = risks.filter((risk) => applies(risk, call, names, wordings));
  if (key.length <= LONGEST_TOOL) known.set(key, relevant);
  return relevant;
}

function applies(
  risk: CompiledRisk,
  call: AssessedCall,
  names: readonly string[],
  wordings: readonly (readonly string[])[],
): boolean {
  const { tool, tools } = risk;
  if (risk.server !== undefined && risk.server !== call.server) return false;
  if (risk.method !== undefined && risk.method !== call.method) return false;
  if (risk.destructiveHint && call.destructiveHint !== true) return false;
  if (tool === undefined && tools === undefined) return true;
  if (call.method !== "tools/call") return false;
  if (tool !== undefined && !names.some((name) => tool.test(name))) return false;
  return tools === undefined || wordings.some((words) => tools.some((steps) => isSequence(steps, words)));
}
