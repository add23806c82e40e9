import { startPart } from "../../../bench/part.ts";
import type { Place } from "../../../bin/place.ts";
import type { LocalServer, LocalTimes } from "../../../local/local-config.ts";

/** What is alive in the process of the product's functions, the garbage collected. */
export interface Level {
  /** Bytes of the heap and of its buffers; WebAssembly, which comes and goes as its code is compiled, is not counted. */
  readonly alive: number;
  /** Bytes that the system counts, garbage included. */
  readonly resident: number;
  /** Open files and sockets. */
  readonly descriptors: number;
  /** Timers that keep the process alive. */
  readonly timers: number;
  /** Bytes of mails and of runs, which stand-ins of the local stack keep for who looks at them: no part of the product. */
  readonly kept: number;
  /** What went wrong inside and no client was told. */
  readonly crashes: readonly string[];
}

/** What the process of the stack says when it is up. */
export interface Ready {
  readonly control: string;
  readonly publicUrl: string;
  readonly place: Place;
  readonly sealedVault: string;
  readonly tables: { readonly ledger: string; readonly approvals: string };
}

/** What the process does when it is told to. */
export interface Orders {
  level(): Promise<Level>;
  /**
   * How many abort controllers are alive: each call of the gateway has one, and whatever keeps a call keeps that. Bytes
   * say nothing of a few hundred calls, beside code that is compiled and caches that fill.
   */
  controllers(): Promise<number>;
  token(account: string, audience: "mcp" | "console"): Promise<string>;
  /** Tokens that must be refused, made from one that is accepted. */
  oddTokens(good: string): Promise<Record<string, string>>;
  drain(): Promise<void>;
  digest(time: string): Promise<void>;
  /** Runs the reconciler as if every call that is open had been so for long. */
  reconcile(): Promise<void>;
}

/** The local stack in another process. */
export type LoadStack = Ready & Orders & { stop(): Promise<void> };

/** Seconds after which an approval expires. */
export const EXPIRES_AFTER = 10;
/** Times so short that every end comes in a run of seconds. */
const TIMES: LocalTimes = {
  upstreamTimeout: "4s",
  callTimeout: "12s",
  keepAlive: "1s",
  listenFor: "3s",
  holdPlain: "2s",
  holdProgress: "4s",
  waitLeg: "2s",
  expiresAfter: `${EXPIRES_AFTER}s`,
  denialStandsFor: "1s",
  openApprovals: 1000,
};

export async function startLoadStack(server: LocalServer): Promise<LoadStack> {
  const part = await startPart<Ready>(new URL("stack-process.ts", import.meta.url), {
    environment: {
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
      LOAD_SERVERS: JSON.stringify([server]),
      LOAD_TIMES: JSON.stringify(TIMES),
    },
    node: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
  });
  const order = <Name extends keyof Orders>(name: Name) =>
    (async (...told: Parameters<Orders[Name]>) => {
      const response = await fetch(`${part.ready.control}/${name}`, { method: "POST", body: JSON.stringify(told) });
      if (!response.ok) throw new Error(`the stack could not ${name}: ${await response.text()}`);
      return ((await response.json()) as { answer?: unknown }).answer;
    }) as Orders[Name];
  return {
    ...part.ready,
    level: order("level"),
    controllers: order("controllers"),
    token: order("token"),
    oddTokens: order("oddTokens"),
    drain: order("drain"),
    digest: order("digest"),
    reconcile: order("reconcile"),
    stop: part.stop,
  };
}
