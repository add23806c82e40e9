import { quantile } from "../../measure.ts";
import { type Metric, metric } from "../../report.ts";
import type { Bundle } from "./bundle.ts";
import { eventOf } from "./event.ts";
import type { Issuer } from "./issuer.ts";

type Handler = (event: unknown, context: unknown) => Promise<{ readonly principalId: string }>;

/** The whole answer of the authorizer's bundle to tokens that it sees for the first time, its keys being warm. */
export async function verification(
  { module }: Bundle,
  issuer: Issuer,
  { warmUp, tokens }: { readonly warmUp: number; readonly tokens: number },
): Promise<Metric[]> {
  const { handler } = (await import(module)) as { readonly handler: Handler };
  const times: number[] = [];
  for (let at = -warmUp; at < tokens; at += 1) {
    const subject = `developer-${at}`;
    const event = eventOf(await issuer.token(subject));
    const begun = performance.now();
    const { principalId } = await handler(event, {});
    if (at >= 0) times.push(performance.now() - begun);
    if (principalId !== `company|${subject}`) throw new Error("a good token was not let in");
  }
  return [
    metric("a token with warm keys, p50", quantile(times, 0.5), "ms", 1),
    metric("a token with warm keys, p99", quantile(times, 0.99), "ms"),
  ];
}
