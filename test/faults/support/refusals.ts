import type { IncomingMessage } from "node:http";

interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** How a service says that it is asked too much, or that something broke on its side. S3 speaks XML, all others JSON. */
export function refusalOf(why: "throttled" | "failed", { headers }: IncomingMessage): Refusal {
  const target = String(headers["x-amz-target"] ?? "");
  if (target === "") {
    const code = why === "throttled" ? "SlowDown" : "InternalError";
    const text = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>not now</Message></Error>`;
    return { status: why === "throttled" ? 503 : 500, type: "application/xml", text };
  }
  const json = (status: number, name: string) => ({
    status,
    type: "application/x-amz-json-1.0",
    text: JSON.stringify({ __type: `com.amazonaws#${name}`, message: "not now" }),
  });
  if (why === "failed")
    return json(500, target.startsWith("TrentService") ? "KMSInternalException" : "InternalServerError");
  return json(400, target.startsWith("DynamoDB") ? "ProvisionedThroughputExceededException" : "ThrottlingException");
}
