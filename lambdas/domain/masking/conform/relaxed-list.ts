import { findNodeAtLocation, parseTree } from "jsonc-parser";
import type { Json } from "../../json/json.ts";
import { relaxed, stepsForList } from "./relaxed.ts";
import { isSchema } from "./schema.ts";

/**
 * A response to `tools/list` whose output schemas admit masks; every byte of what need not change stays.
 *
 * @param text the response
 * @param parsed the same, or the longer list that it was made from
 */
export function withRelaxedSchemas(text: string, { result }: { readonly [name: string]: Json }): string {
  const declares = isSchema(result) && Array.isArray(result.tools) && (result.tools as Json[]).some(declaresOutput);
  const tree = declares ? parseTree(text) : undefined;
  const tools = tree === undefined ? undefined : findNodeAtLocation(tree, ["result", "tools"]);
  const steps = stepsForList();
  const parts: string[] = [];
  let at = 0;
  for (const tool of tools?.children ?? []) {
    const node = findNodeAtLocation(tool, ["outputSchema"]);
    if (node === undefined) continue;
    const before = JSON.parse(text.slice(node.offset, node.offset + node.length)) as Json;
    const execution = findNodeAtLocation(tool, ["execution", "taskSupport"])?.value;
    // The result of a task comes alone: nothing in it names the tool that it must conform to.
    const after = relaxed(before, execution === "optional" || execution === "required", steps);
    if (after === before) continue;
    parts.push(text.slice(at, node.offset), JSON.stringify(after));
    at = node.offset + node.length;
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(at);
}

const declaresOutput = (tool: Json) => isSchema(tool) && tool.outputSchema !== undefined;
