import { Logger } from "@aws-lambda-powertools/logger";

/** The log that operators read: structured, without bodies, tokens or secrets. */
export function operatorLog(serviceName: string): Pick<Logger, "error" | "warn" | "info"> {
  return new Logger({ serviceName });
}
