import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GetObjectLegalHoldCommand } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { vault } from "../../lambdas/aws/vault.ts";
import { createHolder } from "../../lambdas/holder/holder.ts";
import { localAws } from "../../local/aws.ts";
import { type Gateway, legacy, openGateway, openSession } from "../support/gateway.ts";

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({});
});
afterAll(() => gateway?.stack.stop());

/** The command line, as somebody signed in. */
async function countersign(as: string, ...args: string[]): Promise<string> {
  const COUNTERSIGN_TOKEN = await gateway.stack.token(as, "console");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["bin/cli.ts", "--url", gateway.stack.publicUrl, "hold", ...args],
    { env: { PATH: process.env.PATH, COUNTERSIGN_TOKEN } },
  );
  return stdout.trim();
}

test("a session is held and let go by people at the command line, as deployed", { timeout: 180_000 }, async () => {
  const id = await openSession(gateway, "ops");
  const listed = legacy("tools/list");
  await gateway.send("ops", { ...listed, headers: { ...listed.headers, "mcp-session-id": id } });
  await gateway.stack.drain();
  const [record] = await gateway.records(({ type, method }) => type === "call.received" && method === "tools/list");
  const session = record?.session ?? "";
  const { place, vaults, environmentOf } = gateway.stack;
  const run = () => createHolder(environmentOf("holder"))({}, { getRemainingTimeInMillis: () => 600_000 } as Context);
  const aws = localAws(place.environment.AWS_ENDPOINT_URL ?? "");
  const masked = vault(environmentOf("holder"), vaults.masked);
  /** Whether the object that holds the session's record is held, in each vault. */
  const held = async () => {
    for (const key of await masked.list("transcripts/"))
      if ((await masked.get(key)).includes(record?.id ?? "?"))
        return Promise.all(
          [vaults.masked, vaults.sealed].map(async (Bucket) => {
            const answer = await aws.s3
              .send(new GetObjectLegalHoldCommand({ Bucket, Key: key }))
              .catch(() => undefined);
            return answer?.LegalHold?.Status === "ON";
          }),
        );
    return undefined;
  };

  const said = await countersign("auditor", "put", "--session", session, "--reason", "case 17");
  const hold = /^Hold (\w+) is put/.exec(said)?.[1] ?? "";
  await run();
  expect(await held()).toEqual([true, true]);
  expect(await countersign("auditor", "list")).toMatch(new RegExp(`${hold}\\s+HELD\\s+${session}`));

  await expect(countersign("developer", "lift", hold, "--reason", "mine")).rejects.toThrow(/no policy permits you/);
  expect(await countersign("auditor", "lift", hold, "--reason", "closed")).toMatch(/until another person lifts it/);
  await expect(countersign("auditor", "lift", hold, "--reason", "closed")).rejects.toThrow(/somebody else must lift/);
  expect(await countersign("auditor-two", "lift", hold, "--reason", "closed")).toMatch(/is lifted/);
  await run();
  expect(await held()).toEqual([false, false]);
});
