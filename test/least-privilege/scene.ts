import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Meter } from "../../bench/cost/meter.ts";
import type { Approval } from "../../lambdas/domain/approval/approval.ts";
import { LOCAL_KEYS, REGION } from "../../local/aws.ts";
import { approving } from "../support/approving.ts";
import { type Gateway, legacy } from "../support/gateway.ts";
import { approval } from "../support/samples.ts";

export const HOUR = 3_600_000;
export const MINUTE = 60_000;

/** What is done in turn, so that every function does what it is there for. */
export type Steps = readonly (readonly [name: string, () => Promise<void>])[];

/** What the steps work with. */
export type Scene = ReturnType<typeof sceneOf>;

export function sceneOf(gateway: Gateway, meter: Meter) {
  const { environmentOf, place } = gateway.stack;
  const endpoint = place.environment.AWS_ENDPOINT_URL ?? "";
  const aws = { endpoint, region: REGION, credentials: LOCAL_KEYS };
  const call = (name: string, args: object = {}) =>
    gateway.send("things", { ...legacy("tools/call", { name, arguments: args }), patience: 20_000 });
  return {
    gateway,
    meter,
    aws,
    desk: approving(gateway),
    dynamoDb: new DynamoDBClient(aws),
    /** A function's environment past its door: what a test does there is no use of the function's. */
    unseen: (service: string) => ({ ...environmentOf(service), AWS_ENDPOINT_URL_DYNAMODB: endpoint }),
    call,
    /** Begins a call whose answer nobody waits for. */
    begin: (name: string, args: object = {}) => void call(name, args).catch(() => undefined),
    /** The answer of what must be let through. */
    async ok<T extends { readonly status: number }>(asked: Promise<T>): Promise<T> {
      const answer = await asked;
      expect(answer.status, JSON.stringify(answer)).toBe(200);
      return answer;
    },
    /** A principal of an approval and a grant, who never called. */
    leaver: { ...approval().requester, id: "local|leaver" },
    /** An approval of its own call, asked for now. */
    asked(change: Partial<Approval> = {}): Approval {
      const id = [...randomBytes(26)].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32]).join("");
      const now = Date.now();
      return approval({ id, callDigest: id, createdAt: now, deadline: now + 30 * MINUTE, ...change });
    },
    async until(look: () => Promise<boolean>): Promise<void> {
      for (let attempt = 0; attempt < 150; attempt += 1) {
        if (await look()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error("it did not come to that");
    },
  };
}
