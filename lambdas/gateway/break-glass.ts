import { META_BREAK_GLASS } from "../domain/mcp/constants.ts";
import { isObject } from "../domain/mcp/message.ts";
import { mayBreakGlass } from "../domain/policy/decide.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** Characters of a reason that says something, and that a record holds. */
const SHORTEST = 10;
const LONGEST = 500;

/**
 * Whether the caller breaks the glass: runs a call that needs approval without it, for a reason stated in `_meta`.
 *
 * @returns the reason; why it may not; or undefined where it does not ask for that
 */
export function breakGlass(
  call: Call,
  house: House,
): { readonly reason: string } | { readonly refused: string } | undefined {
  const { _meta } = call.message.params;
  const reason = isObject(_meta) ? _meta[META_BREAK_GLASS] : undefined;
  if (reason === undefined) return undefined;
  if (typeof reason !== "string" || reason.trim().length < SHORTEST || reason.length > LONGEST)
    return { refused: `_meta["${META_BREAK_GLASS}"] must be a reason of ${SHORTEST} to ${LONGEST} characters` };
  const facts = {
    method: call.message.method,
    risks: [...new Set(call.risks.map(({ risk }) => risk))],
    arguments: call.arguments,
    at: house.now(),
  };
  if (!mayBreakGlass(call.caller.principal, call.subject, facts, house.engine))
    return { refused: "no policy lets you run it without its approval" };
  return { reason: reason.trim() };
}
