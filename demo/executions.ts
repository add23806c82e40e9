import { SAMPLE } from "../local/servers/sample-secrets.ts";
import type { Stage } from "./stage.ts";

/** How often a tool of `ops` ran with this name as its argument. */
export const executionsOf = ({ stack }: Stage, tool: string, name: string): number =>
  stack.ops.executions.filter((execution) => execution.tool === tool && execution.arguments.name === name).length;

/** Texts of `read_config` that must never reach a caller. */
export const SECRETS: readonly string[] = Object.values(SAMPLE);
