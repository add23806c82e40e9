import type { APIGatewayProxyEvent } from "aws-lambda";
import { sourceOf } from "../api/source.ts";
import type { Speaker } from "../domain/approval/approval.ts";
import type { Principal } from "../domain/identity/principal.ts";
import { recordPrincipal } from "../domain/identity/record-principal.ts";

/** Who speaks in a request, for the row that keeps their word: its record is written from the row, later and elsewhere. */
export const speaker = (event: APIGatewayProxyEvent, person: Principal): Required<Speaker> => ({
  who: recordPrincipal(person),
  source: sourceOf(event),
});
