import { applyEdits, modify } from "jsonc-parser";
import type { ClientMessage } from "./message.ts";

/** The message as the server must see it: without the `requestState` that the gateway itself made. Every other byte stays. */
export function withoutRequestState(message: ClientMessage): ClientMessage {
  if (message.params.requestState === undefined) return message;
  const { requestState: _, ...params } = message.params;
  return {
    ...message,
    params,
    text: applyEdits(message.text, modify(message.text, ["params", "requestState"], undefined, {})),
  };
}
