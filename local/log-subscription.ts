import { randomInt } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { CloudWatchLogsEvent } from "aws-lambda";

/** Hands lines of a log to a function as CloudWatch Logs does: gzipped, in base64, each with an id and its time. */
export interface LogSubscription {
  tell(line: object): void;
  /** Settles when every line was taken. */
  drain(): Promise<void>;
}

/** @param report hears of what the function could not take */
export function logSubscription(
  take: (event: CloudWatchLogsEvent) => Promise<unknown>,
  report: (cause: unknown) => void,
): LogSubscription {
  let last: Promise<unknown> = Promise.resolve();
  return {
    tell(line) {
      const timestamp = Date.now();
      const id = `${timestamp}${randomInt(1e12)}`;
      const batch = { messageType: "DATA_MESSAGE", logEvents: [{ id, timestamp, message: JSON.stringify(line) }] };
      const data = gzipSync(JSON.stringify(batch)).toString("base64");
      last = last.then(() => take({ awslogs: { data } })).catch(report);
    },
    drain: async () => void (await last),
  };
}
