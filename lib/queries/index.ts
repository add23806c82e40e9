import { consent } from "./named/approvals.ts";
import { decisions } from "./named/decisions.ts";
import { evidence } from "./named/evidence.ts";
import { people } from "./named/people.ts";
import type { NamedQuery } from "./named-query.ts";

/** Every named query, in the order in which they are listed. */
export const NAMED_QUERIES: readonly NamedQuery[] = [...decisions, ...consent, ...people, ...evidence];
