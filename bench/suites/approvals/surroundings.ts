import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ENV } from "../../../lambdas/environment.ts";
import { type LocalAws, localAws } from "../../../local/aws.ts";
import { startFaultProxy } from "../../../local/fault-proxy.ts";
import { type Part, startPart } from "../../part.ts";
import { bundled, makeBundle } from "../gateway/bundle.ts";
import type { StackReady } from "./stack-process.ts";

/** One request of the gateway to DynamoDB. */
export interface Asked {
  readonly operation: string;
  /** Milliseconds of the suite's own clock. */
  readonly at: number;
}

/** The local stack, and beside it a gateway alone in its process, whose requests to DynamoDB are counted. */
export interface Surroundings {
  readonly stack: StackReady;
  readonly aws: LocalAws;
  readonly table: string;
  readonly gateway: Part<{ readonly url: string }>;
  /** All that the gateway asked of DynamoDB, in order. */
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

export async function startSurroundings(): Promise<Surroundings> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-bench-"));
  const stops: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of stops.splice(0)) await end();
  };
  const started = <Started extends { stop(): Promise<void> }>(part: Started): Started => {
    stops.unshift(part.stop);
    return part;
  };

  try {
    const stack = started(
      await startPart<StackReady>(new URL("stack-process.ts", import.meta.url), {
        environment: { POWERTOOLS_LOG_LEVEL: "SILENT" },
      }),
    ).ready;
    const asked: Asked[] = [];
    const door = started(await startFaultProxy(stack.moto));
    door.cutAfter(Number.POSITIVE_INFINITY, (operation) => asked.push({ operation, at: performance.now() }) > 0);

    // As Lambda would run it, and nothing else in that process but the front and the authorizer.
    const { module: handler } = await makeBundle(folder);
    const module = join(folder, "gateway-process.mjs");
    await bundled(fileURLToPath(new URL("../gateway/gateway-process.ts", import.meta.url)), module);
    const gateway = started(
      await startPart<{ url: string }>(pathToFileURL(module), {
        environment: { ...stack.environment, AWS_ENDPOINT_URL_DYNAMODB: door.url, BENCH_HANDLER: handler },
      }),
    );
    return {
      stack,
      aws: localAws(stack.moto),
      table: stack.environment[ENV.approvalsTable] ?? "",
      gateway,
      asked,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
