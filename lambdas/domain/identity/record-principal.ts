import type { RecordPrincipal } from "../evidence/record.ts";
import type { Principal } from "./principal.ts";

/** The identity as records hold it. */
export function recordPrincipal({ signIn: _, ...principal }: Principal): RecordPrincipal {
  return principal;
}
