import type { APIGatewayProxyEvent } from "aws-lambda";
import { sourceOf } from "../api/source.ts";
import type { RecordPrincipal, RecordSource } from "../domain/evidence/record.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";
import { consoleSession } from "./refused-record.ts";

/** Who does something to an account or a grant: a person at the console, or the process that people leave by. */
export interface Actor {
  /** A name for people. */
  readonly name: string;
  /** The session under which an auditor reads what it did. */
  readonly session: string;
  /** The verified identity; a process has none. */
  readonly who?: RecordPrincipal;
  readonly source: RecordSource;
}

/** The person of a request, as an actor. */
export const actorOf = (event: APIGatewayProxyEvent, person: Principal): Actor => ({
  name: person.name,
  session: consoleSession(person),
  who: recordPrincipal(person),
  source: sourceOf(event),
});

/** Who it was, as rows and records keep it. */
export const spokenBy = ({ who, source }: Actor) => ({ ...(who === undefined ? {} : { who }), source });
