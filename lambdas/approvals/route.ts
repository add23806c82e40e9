import type { APIGatewayProxyEvent } from "aws-lambda";
import { CountersignError } from "../domain/error.ts";
import type { Principal } from "../domain/identity/principal.ts";
import type { Desk } from "./desk.ts";

/**
 * A request of a person who signed in to the console and is not blocked; what changes something, lately. A block may be a
 * workload's too (`visitor.ts`).
 */
export interface PersonRequest {
  readonly event: APIGatewayProxyEvent;
  readonly person: Principal;
}

/** What one path answers. */
export type Route = (request: PersonRequest, desk: Desk) => Promise<unknown>;

/** The `{id}` of the path. API Gateway hands it on URL-encoded. */
export function idOf({ pathParameters }: APIGatewayProxyEvent): string {
  const id = pathParameters?.id ?? "";
  try {
    return decodeURIComponent(id);
  } catch {
    throw new CountersignError("bad_request", "the id in the path is not URL-encoded text");
  }
}

/** The same, or undefined for what is no id. */
export function idIfAny(event: APIGatewayProxyEvent): string | undefined {
  try {
    return idOf(event);
  } catch {
    return undefined;
  }
}

/** One value of the query. */
export const queryOf = ({ queryStringParameters }: APIGatewayProxyEvent, name: string): string | undefined =>
  queryStringParameters?.[name];
