import { CountersignError } from "../domain/error.ts";
import { errorText } from "../domain/mcp/answers.ts";
import { OWN_CODE } from "../domain/mcp/constants.ts";
import type { JsonRpcId } from "../domain/mcp/refusal.ts";
import { UpstreamFailure } from "../domain/upstream/answer.ts";
import type { Call } from "./call.ts";
import type { Step } from "./entries.ts";
import type { House } from "./house.ts";
import { mask, shownName } from "./masked.ts";
import { hidden, recorded } from "./recording.ts";
import { timeLeft } from "./send.ts";
import type { Said } from "./sort.ts";
import { tellServer } from "./tell-server.ts";

/** Requests of one exchange that are denied to its server, and answered: one that asks on and on is not humoured. */
const MOST_REQUESTS = 100;

/** What a server says in an exchange and may not say to this caller: it stays here. */
export interface DeniedToServer {
  /**
   * A notice is dropped, a request is answered to the server while the call goes on.
   *
   * @param why it may not be said
   * @throws CountersignError `evidence_unavailable` when that could not be recorded, UpstreamFailure when the call has had its time or the server asked too often
   */
  deny(said: Said, why: string): Promise<void>;
  /** Waits until the server was told of all; that takes no longer than the call may. */
  told(): Promise<void>;
}

export function deniedToServer(call: Call, house: House): DeniedToServer {
  const telling: Promise<void>[] = [];

  const tell = (id: JsonRpcId, why: string) =>
    tellServer(call, errorText(id, OWN_CODE.denied, `DENIED by Countersign: ${why}`), house, {
      within: Math.max(1, timeLeft(call, house)),
      signal: call.ended.signal,
    });

  return {
    async deny({ json, text }, why) {
      const isRequest = json.id !== undefined;
      // Each takes a record: what came in time is not looked at for ever.
      if (timeLeft(call, house) <= 0)
        throw new UpstreamFailure("did not end in the time that a call has", true, { gaveUp: true });
      if (isRequest && telling.length === MOST_REQUESTS)
        throw new UpstreamFailure(
          `asked for more than ${MOST_REQUESTS} things that this caller may not be asked`,
          true,
        );
      const step: Step = {
        type: "call.denied",
        outcome: "denied",
        reason: `from the server: ${why}`,
        sender: "server",
        method: shownName(call, String(json.method), house),
      };
      if (!(await recorded(call, step, (await mask(call, text, text, house)) ?? hidden(text), house)))
        throw new CountersignError("evidence_unavailable", "a denial could not be recorded");
      if (isRequest) telling.push(tell(json.id as JsonRpcId, why));
    },
    told: async () => void (await Promise.all(telling)),
  };
}
