/** What a request says about the API it came in by; API Gateway fills it in, the caller cannot. */
export interface Arrival {
  readonly domainName?: string | undefined;
  readonly stage: string;
}

/**
 * The URL under which people and clients reach this gateway, without a slash at the end.
 * A trial has no address of its own: there it is the API's domain, and its stage is part of every path.
 *
 * @param publicUrl the configured origin; null for a trial
 */
export function baseUrl(publicUrl: string | null, arrival: Arrival): string {
  if (publicUrl !== null) return publicUrl;
  if (arrival.domainName === undefined) throw new Error("The request names no domain, and publicUrl is not configured");
  return `https://${arrival.domainName}/${arrival.stage}`;
}
