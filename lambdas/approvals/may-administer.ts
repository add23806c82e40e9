import type { Principal } from "../domain/identity/principal.ts";
import type { PolicyEngine } from "../domain/policy/engine.ts";
import { question } from "../domain/policy/question.ts";

/** Whether policy lets a person block a principal and end what it holds. */
export function mayAdminister(person: Principal, principal: string, engine: PolicyEngine): boolean {
  const answer = engine.ask(question(person, "administer", { kind: "account", id: principal }));
  return answer.allowed && answer.errors.length === 0;
}
