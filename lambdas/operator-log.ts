import { Logger } from "@aws-lambda-powertools/logger";

/**
 * Characters that JSON leaves as they are, and that steer a terminal (C1 escapes) or turn and hide what follows (bidi overrides,
 * line separators): a caller's user agent and a server's content type may hold them. Line ends and escapes of ASCII are JSON's own work.
 */
const STEERING = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The log that operators read: structured, without bodies, tokens or secrets; each entry one line, whatever its texts hold. */
export function operatorLog(serviceName: string): Pick<Logger, "error" | "warn" | "info"> {
  return new Logger({
    serviceName,
    jsonReplacerFn: (_, value: unknown) =>
      typeof value === "string"
        ? value.replaceAll(STEERING, (character) => `\\u{${character.codePointAt(0)?.toString(16).padStart(4, "0")}}`)
        : value,
  });
}
