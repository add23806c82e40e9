import { setMember } from "./edit.ts";
import type { ClientMessage } from "./message.ts";

/**
 * The message as the server must see it: with its own `requestState` in place of the gateway's seal, or with none where
 * the gateway made it up. Every other byte stays.
 */
export function withRequestState(message: ClientMessage, state: string | undefined): ClientMessage {
  const { requestState, ...rest } = message.params;
  if (requestState === state) return message;
  const params = state === undefined ? rest : { ...rest, requestState: state };
  return { ...message, params, text: setMember(message.text, ["params", "requestState"], state) };
}
