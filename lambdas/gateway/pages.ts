import { setMember } from "../domain/mcp/edit.ts";
import type { JsonRpcId } from "../domain/mcp/refusal.ts";
import type { UpstreamAnswer } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";
import { sendCall } from "./send.ts";

/** Asks for the page of a list that follows one on which this caller may see nothing. */
export async function nextPage(
  call: Call,
  cursor: string,
  house: House,
): Promise<{ readonly answer: UpstreamAnswer; readonly id: JsonRpcId }> {
  // Ids must not repeat within a session, and the client's own has been used.
  const id = `countersign-${house.newId(house.now())}`;
  const text = setMember(setMember(call.message.text, ["id"], id), ["params", "cursor"], cursor);
  return { answer: await sendCall({ ...call, message: { ...call.message, text } }, house), id };
}
