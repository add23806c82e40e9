import { HOUR } from "./digest.ts";
import type { LedgerRecord } from "./record.ts";
import { settles } from "./unresolved.ts";

/** Records that a request on an MCP path leaves; the reconciler names a request too, when it is long over. */
const LEFT_BY_REQUESTS: readonly string[] = ["call.received", "call.completed", "call.denied", "message.relayed"];
/** What the protocol forbids is answered 4xx, and is none of what API Gateway calls served. */
const REFUSED = "refused";
/** Milliseconds between a record of a request and the minute that CloudWatch counts it to: authorizer, cold start, clocks. */
export const EDGE = 60_000;
/** Milliseconds that a request lasts at most: as long as a function runs. */
const LONGEST = 15 * 60_000;

interface Span {
  first: number;
  last: number;
  /** Whether a record says that it is over. */
  over: boolean;
  /** Whether a record of it arrived in the hour, whatever its writer's clock said. */
  arrived: boolean;
}

/**
 * Counts the requests that left records in an hour. When API Gateway counts a request is not known: at some time between its
 * first record and its last, give or take. So one that lies over an end of the hour counts to both hours.
 *
 * @param hour begin of the hour that is counted, milliseconds since the epoch
 */
export function requestCounter(hour: number) {
  const [begin, end] = [hour, hour + HOUR];
  const spans = new Map<string, Span>();
  const lastOf = ({ first, last, over }: Span) => (over ? last : Math.max(last, first + LONGEST));

  return {
    add(record: LedgerRecord, arrivedAt: number): void {
      const { type, outcome, recordedAt, source } = record;
      if (!source?.requestId || !LEFT_BY_REQUESTS.includes(type) || outcome === REFUSED) return;
      const at = Date.parse(recordedAt);
      const arrived = arrivedAt === hour;
      if (!arrived && (at < begin - LONGEST - EDGE || at >= end + LONGEST + EDGE)) return;
      const span = spans.get(source.requestId) ?? { first: at, last: at, over: false, arrived: false };
      spans.set(source.requestId, span);
      span.first = Math.min(span.first, at);
      span.last = Math.max(span.last, at);
      span.over ||= settles(record, record);
      span.arrived ||= arrived;
    },
    counted() {
      const near = [...spans.values()].filter(
        (span) => span.arrived || (span.first < end + EDGE && lastOf(span) >= begin - EDGE),
      );
      const atEdges = near.filter((span) => span.first < begin + EDGE || lastOf(span) >= end - EDGE);
      return { requests: near.length, atEdges: atEdges.length };
    },
  };
}
