import type { APIGatewayProxyEvent } from "aws-lambda";

/** Whether the client takes a gzip answer (RFC 9110, section 12.5.3): it names it, or anything, and not with weight 0. */
export function acceptsGzip({ multiValueHeaders }: APIGatewayProxyEvent): boolean {
  const weights = new Map<string, boolean>();
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    if (name.toLowerCase() !== "accept-encoding") continue;
    for (const entry of (values ?? []).join(",").split(",")) {
      const [coding = "", weight = ""] = entry.split(";").map((part) => part.trim().toLowerCase());
      weights.set(coding, !/^q=0(?:\.0{0,3})?$/.test(weight));
    }
  }
  return weights.get("gzip") ?? weights.get("*") ?? false;
}
