import middy from "@middy/core";
import type { EventBridgeEvent } from "aws-lambda";
import { blockPrincipal, requireAccount } from "../approvals/block-principal.ts";
import { furnishDesk } from "../approvals/desk.ts";
import { readReason } from "../approvals/reason-body.ts";
import { CountersignError } from "../domain/error.ts";
import type { Environment } from "../environment.ts";

/**
 * Blocks a principal because its identity provider, or whoever looks after leavers, said so on the bus: with the same effect and
 * record as an administrator's block. Whoever may put events on that bus may block anybody, and unblock nobody.
 */
export function createLeaver(environment: Environment) {
  const desk = furnishDesk(environment, "leaver");
  return middy<EventBridgeEvent<string, Readonly<Record<string, unknown>>>, void>().handler(
    async ({ id, account, source, detail }) => {
      // What says nothing that can be done fails for good, and the dead letters keep it: nobody hears an answer, so silence
      // would be a leaver who stays.
      const { principal } = detail;
      if (typeof principal !== "string") throw new CountersignError("bad_request", '"principal" must be a text');
      requireAccount(principal, desk);
      await blockPrincipal(
        principal,
        desk.masked(readReason(detail, true)),
        {
          name: `event of ${source}`,
          session: `leaver-${id}`,
          // An event has no address: what stands here instead is whose account put it on the bus.
          source: { ip: "", userAgent: `EventBridge ${source} of ${account}`, requestId: id },
        },
        desk,
      );
    },
  );
}
