import { maskText } from "../domain/masking/index.ts";
import { shortened } from "../domain/mcp/abridged.ts";
import { type DefinedTool, definedTool } from "../domain/mcp/definition.ts";
import type { JsonObject } from "../domain/mcp/message.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { listTools } from "./list-tools.ts";
import { passBy } from "./pass-by.ts";
import { whatChanged } from "./what-changed.ts";

/** What a tool is, as its server says. */
export interface ToolDefinition {
  /** Hash of name, description, schemas and annotations; empty where the server would not say. */
  readonly digest: string;
  /** Masked, and of a long one beginning and end; before that of a tool that changed, what is different now. */
  readonly description: string | null;
  /** Whether it is not what is pinned. */
  readonly changed: boolean;
}

const UNKNOWN: ToolDefinition = { digest: "", description: null, changed: false };
/** Characters of a description that approvers are shown. */
const LONGEST_DESCRIPTION = 2000;

/** Asks the server what the called tool is: approvers are shown it, and an approval holds for nothing else. */
export async function toolDefinition(call: Call, house: House): Promise<ToolDefinition> {
  if (call.message.method !== "tools/call") return UNKNOWN;
  try {
    const found = await find(call, house);
    if (found === undefined) return UNKNOWN;
    const { tool, isPinned } = found;
    const description = await described(call, tool, isPinned, house);
    return { digest: tool.digest, description, changed: !isPinned };
  } catch {
    // Whoever compares digests finds that they differ, so a server that does not say runs nothing it was not asked for.
    return UNKNOWN;
  }
}

async function find(
  call: Call,
  house: House,
): Promise<{ readonly tool: DefinedTool; readonly isPinned: boolean } | undefined> {
  for await (const page of listTools(call, house)) {
    const isPinned = await passBy(call, page, house);
    for (const entry of page) {
      const tool = definedTool(entry);
      if (tool?.name === call.target) return { tool, isPinned: isPinned(entry) };
    }
  }
  return undefined;
}

async function described(call: Call, tool: DefinedTool, isPinned: boolean, house: House): Promise<string | null> {
  const keyedHash = await house.keyedHash();
  const masked = (text: string) => maskText(text, house.masking(call.server), keyedHash).text;
  const { description } = tool.definition;
  const own =
    typeof description === "string" ? shortened(masked(description), LONGEST_DESCRIPTION).toWellFormed() : null;
  if (isPinned) return own;
  const row = await house.pins.table.get({ server: call.server, era: call.message.era, tool: tool.name });
  return `${whatChanged(row, tool, masked)}\n\nIt says now:\n${own ?? "nothing"}`;
}

/** The definition that clients were listed: the pinned one, or, where that is not kept, what the server lists. */
export async function listedTool(call: Call, house: House): Promise<JsonObject | undefined> {
  const pinned = await house.pins.definitionOf(call.server, call.message.era, call.target);
  return pinned ?? (await find(call, house))?.tool.definition;
}
