import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import type { OcsfEvent } from "../domain/evidence/ocsf.ts";
import { ENV, type Environment, requireEnv } from "../environment.ts";
import { clientOptions } from "./clients.ts";

/** By these a rule on the bus tells our events. */
export const EVENT_SOURCE = "countersign";
export const EVENT_DETAIL_TYPE = "OCSF API Activity";

/** EventBridge takes so many entries at once, and so many bytes of them. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024;
/** What an entry counts beside its detail: source, type, and 14 bytes for its time. */
const ENTRY_BYTES = EVENT_SOURCE.length + EVENT_DETAIL_TYPE.length + 14;

/** Where a SIEM takes events from. */
export interface EventBus {
  /** Hands events over in their order. @returns for each whether it was taken */
  put(events: readonly OcsfEvent[]): Promise<readonly boolean[]>;
}

export function eventBus(environment: Environment): EventBus {
  const client = new EventBridgeClient(clientOptions(environment, "EVENTBRIDGE"));
  const EventBusName = requireEnv(environment, ENV.exportBus);
  return {
    async put(events) {
      const taken: boolean[] = [];
      for (const details of inRequests(events.map((event) => JSON.stringify(event)))) {
        const Entries = details.map(
          (Detail): PutEventsRequestEntry => ({
            EventBusName,
            Source: EVENT_SOURCE,
            DetailType: EVENT_DETAIL_TYPE,
            Detail,
          }),
        );
        const { Entries: answers = [] } = await client.send(new PutEventsCommand({ Entries }));
        taken.push(...details.map((_, at) => answers[at]?.EventId !== undefined));
      }
      return taken;
    },
  };
}

/** Details by the request that they go with, in their order. */
export function inRequests(details: readonly string[]): string[][] {
  const requests: string[][] = [];
  let bytes = 0;
  for (const detail of details) {
    const size = Buffer.byteLength(detail) + ENTRY_BYTES;
    const last = requests.at(-1);
    if (last === undefined || last.length === MOST_ENTRIES || bytes + size > MOST_BYTES) {
      requests.push([detail]);
      bytes = size;
    } else {
      last.push(detail);
      bytes += size;
    }
  }
  return requests;
}
