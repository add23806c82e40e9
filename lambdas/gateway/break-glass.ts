import { maskText } from "../domain/masking/index.ts";
import { META_BREAK_GLASS } from "../domain/mcp/constants.ts";
import { setMember } from "../domain/mcp/edit.ts";
import { isObject } from "../domain/mcp/message.ts";
import { mayBreakGlass } from "../domain/policy/decide.ts";
import { type Call, factsOf } from "./call.ts";
import type { House } from "./house.ts";

/** Characters of a reason that says something, and that a record holds. */
const SHORTEST = 10;
const LONGEST = 500;

/**
 * Whether the caller breaks the glass: runs a call that needs approval without it, for a reason stated in `_meta`.
 *
 * @returns the reason; why it may not; or undefined where it does not ask for that
 */
export async function breakGlass(
  call: Call,
  house: House,
): Promise<{ readonly reason: string; readonly call: Call } | { readonly refused: string } | undefined> {
  const { _meta } = call.message.params;
  const reason = isObject(_meta) ? _meta[META_BREAK_GLASS] : undefined;
  if (reason === undefined) return undefined;
  if (typeof reason !== "string" || reason.trim().length < SHORTEST || reason.length > LONGEST)
    return { refused: `_meta["${META_BREAK_GLASS}"] must be a reason of ${SHORTEST} to ${LONGEST} characters` };
  if (!mayBreakGlass(call.caller.principal, call.subject, factsOf(call, house.now()), house.engine))
    return { refused: "no policy lets you run it without its approval" };
  // It is for approvers and auditors: the server gets the call without it.
  const text = setMember(call.message.text, ["params", "_meta", META_BREAK_GLASS], undefined);
  const shown = maskText(reason.trim(), house.masking(call.server), await house.keyedHash()).text;
  return {
    reason: shown.replaceAll(/\p{C}/gu, "").toWellFormed(),
    call: { ...call, message: { ...call.message, text } },
  };
}
