import { UndiciHttpHandler } from "@smithy/undici-http-handler";
import { Agent } from "undici";
import type { Environment } from "../environment.ts";

/** What every client is made with. */
export interface ClientOptions {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly requestHandler: UndiciHttpHandler;
}

/**
 * Options for an SDK client. In Lambda the SDK finds region and role itself; on a laptop the environment object names
 * an endpoint, and then region and keys come from it too, because several functions share one process there.
 *
 * @param service suffix of a service's own endpoint variable, such as DYNAMODB
 * @param requestTimeout milliseconds until a silent request fails: without it a lost connection would hold the call
 */
export function clientOptions(environment: Environment, service: string, requestTimeout = 3000): ClientOptions {
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] ?? environment.AWS_ENDPOINT_URL;
  const base = {
    maxAttempts: 2,
    // A third less CPU for a call than on Node's own client (`npm run bench -- gateway`).
    requestHandler: new TimingOutHandler({ dispatcher: dispatcherFor(requestTimeout) }),
  };
  if (endpoint === undefined) return base;
  return {
    ...base,
    endpoint,
    region: environment.AWS_REGION ?? "us-east-1",
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? "local",
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? "local",
    },
  };
}

/** @param requestTimeout milliseconds until a silent request fails */
export const dispatcherFor = (requestTimeout = 3000) =>
  new Agent({
    connect: { timeout: 1000 },
    headersTimeout: requestTimeout,
    bodyTimeout: requestTimeout,
    keepAliveTimeout: 30_000,
  });

/** Undici names its time-outs in its own way; under the name that the SDK knows, it tries once more. */
class TimingOutHandler extends UndiciHttpHandler {
  override async handle(...args: Parameters<UndiciHttpHandler["handle"]>): ReturnType<UndiciHttpHandler["handle"]> {
    try {
      return await super.handle(...args);
    } catch (error) {
      if (
        error instanceof Error &&
        "code" in error &&
        /^UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT$/.test(String(error.code))
      )
        error.name = "TimeoutError";
      throw error;
    }
  }
}
