import { TRACED } from "../../lib/constructs/trace-sampling.ts";
import { readsByReconciler } from "./reads.ts";

/** What no measurement here can show, stated once; each is a line of docs/cost.md. */
export const ASSUMED = {
  /** Processor time of a call, milliseconds: `npm run bench -- gateway`, 2026-11-21, on a whole core, and 0.1 for packing. */
  gatewayCpuMs: 2.9,
  /** Share of a core that Lambda gives 1024 MB. */
  coreShare: 1024 / 1769,
  /** A round trip to DynamoDB, milliseconds; a call waits for two. */
  roundTripMs: 5,
  /** How long the MCP server takes. */
  upstreamMs: 50,
  /** Calls for each time that a token is verified: API Gateway keeps the answer for five minutes. */
  callsPerToken: 10,
  authorizerMs: 10,
  /** A run of archiver or exporter. */
  consumerMs: 60,
  /** Shards of the ledger's stream: an on-demand table begins with four partitions. */
  shards: 4,
  /**
   * Times that an archive object is read: by the reconciler, and by the digester twice in both vaults. The trail of reads
   * logs each.
   */
  readsOfObject: readsByReconciler() + 4,
  /** Seconds that archiver and exporter gather records (`lib/gateway-stack.ts`), and the most that one batch holds. */
  archiverWindow: 30,
  archiverBatch: 500,
  exporterWindow: 1,
  exporterBatch: 100,
  /** Bytes of a line of the API's access log, and what Lambda adds to a line of ours that says neither level nor time. */
  accessLogBytes: 420,
  addedLogBytes: 60,
  /** Share of the requests that are traced. */
  traceShare: TRACED,
  /** Bytes of headers beside an answer. */
  headerBytes: 500,
  /** Days that the ledger keeps a record, and memory of functions in GB: as configured and deployed. */
  hotDays: 14,
  memory: { gateway: 1, authorizer: 0.5, archiver: 0.5, exporter: 0.25 },
} as const;

/** Calls a second at which the target is judged, and others for comparison. */
export const RATE = 10;
export const RATES = [1, 10, 100] as const;

/** US dollars for a million allowed calls. */
export const TARGET = 12;
