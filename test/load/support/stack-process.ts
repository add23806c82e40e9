import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { inspect } from "node:util";
import { queryObjects } from "node:v8";
import { announce } from "../../../bench/part.ts";
import { ENV } from "../../../lambdas/environment.ts";
import { createReconciler } from "../../../lambdas/reconciler/reconciler.ts";
import { invocation } from "../../../local/api/functions.ts";
import type { LocalServer } from "../../../local/local-config.ts";
import { listen } from "../../../local/port.ts";
import { startLocalStack } from "../../../local/stack.ts";
import type { Level, Orders, Ready } from "./stack.ts";

/**
 * The local stack in a process of its own, so that memory and sockets are those of the product's functions and of the
 * few stand-ins around them. The emulator, which keeps everything for ever, is another process beside it.
 */
const crashes: string[] = [];
const stack = await startLocalStack({
  moreServers: JSON.parse(process.env.LOAD_SERVERS ?? "[]") as LocalServer[],
  times: JSON.parse(process.env.LOAD_TIMES ?? "{}"),
  sweeper: { every: 1000 },
  report: (cause) => crashes.push(inspect(cause, { depth: 2 })),
});

const reconcile = createReconciler(stack.environmentOf("reconciler"), 0);

/** What is alive once the garbage is gone. */
function level(): Level {
  if (globalThis.gc === undefined) throw new Error("Node was started without --expose-gc");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return {
    alive: heapUsed + arrayBuffers,
    resident: rss,
    // One of them is the folder that is read.
    descriptors: readdirSync("/dev/fd").length,
    timers: process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
    kept: JSON.stringify(stack.inbox.messages).length + JSON.stringify(stack.ops.executions).length,
    crashes,
  };
}

const orders: Orders = {
  level: async () => level(),
  controllers: async () => {
    const found = queryObjects(AbortController);
    return typeof found === "number" ? found : found.length;
  },
  token: stack.token,
  oddTokens: stack.oidc.oddTokens,
  drain: stack.drain,
  digest: stack.digest,
  reconcile: async () => void (await reconcile({}, invocation("reconciler", 600))),
};

const control = createServer(async (request, response) => {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  const order = orders[(request.url ?? "").slice(1) as keyof Orders] as (...told: unknown[]) => Promise<unknown>;
  try {
    response.end(JSON.stringify({ answer: await order(...JSON.parse(text)) }));
  } catch (cause) {
    response.writeHead(500).end(inspect(cause));
  }
});

const { [ENV.ledgerTable]: ledger = "", [ENV.approvalsTable]: approvals = "" } = stack.environmentOf("gateway");
announce(
  {
    control: `http://127.0.0.1:${await listen(control)}`,
    publicUrl: stack.publicUrl,
    place: stack.place,
    sealedVault: stack.vaults.sealed,
    tables: { ledger, approvals },
  } satisfies Ready,
  stack.stop,
);
