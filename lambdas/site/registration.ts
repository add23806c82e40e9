import type { APIGatewayProxyEvent } from "aws-lambda";
import type { Config } from "../../lib/config/schema.ts";
import { readStrict } from "../domain/json/strict.ts";
import { AUTHORIZATION_SERVER, authorizationServer, REGISTER, register } from "../domain/site/registration.ts";

/** Bytes of a request to register; clients send some hundreds. */
const LONGEST = 16_384;
/** Containers in one another. */
const DEEPEST = 8;

/** Answers what belongs to the registration of clients; undefined where the request is about something else, or nobody is registered here. */
export function registration(
  event: APIGatewayProxyEvent,
  base: string,
  { registration: own }: Config,
): { readonly status: number; readonly body: object } | undefined {
  if (!own) return undefined;
  const { httpMethod: method, path } = event;
  if (path === AUTHORIZATION_SERVER && method === "GET") return { status: 200, body: authorizationServer(base, own) };
  if (path !== REGISTER) return undefined;
  if (method === "OPTIONS") return { status: 200, body: {} };
  return method === "POST" ? register(bodyOf(event), own) : undefined;
}

function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEvent): Readonly<Record<string, unknown>> | undefined {
  if (body === null || body.length > LONGEST * 2) return undefined;
  const text = Buffer.from(body, isBase64Encoded ? "base64" : "utf8").toString("utf8");
  try {
    const read: unknown = text.length > LONGEST ? undefined : readStrict(text, { depth: DEEPEST });
    return typeof read === "object" && read !== null && !Array.isArray(read) ? { ...read } : undefined;
  } catch {
    return undefined;
  }
}
