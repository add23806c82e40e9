import type { Principal } from "../../../lambdas/domain/identity/principal.ts";
import type { Streaming } from "../../../local/api/functions.ts";
import { type Answer, eventFor, stream, type Told, withAccept } from "../../properties/support/invoke.ts";
import { HARMLESS, type Life } from "../../properties/support/world.ts";
import { legacy, modern } from "../../support/gateway.ts";
import { DIED, type Mortal } from "./mortal.ts";

/** A call that a client makes. */
export interface Plan {
  readonly who: Principal;
  readonly era: "legacy" | "modern";
  readonly tool: string;
  /** `name` belongs to this call alone. */
  readonly args: { readonly name: string } & Readonly<Record<string, unknown>>;
}

/** What its client heard. */
export interface Heard {
  readonly plan: Plan;
  /** Null when the gateway died before it answered. */
  readonly told: Told | null;
  /** Milliseconds since the start of this process. */
  readonly at: number;
}

/** Kinds of calls, and below which number of a hundred each is drawn. */
const KINDS = [
  { below: 66, tool: HARMLESS, args: {} },
  { below: 78, tool: HARMLESS, args: { leaks: true } },
  { below: 84, tool: HARMLESS, args: { leaks: true, bytes: 20_000, filler: "z".repeat(20_000) } },
  { below: 89, tool: HARMLESS, args: { dies: true } },
  { below: 95, tool: "delete_everything", args: {} },
  { below: 100, tool: "create_role", args: {} },
] as const;

/** @param who draws a caller; calls that need an approval have one of their own */
export function planOf(name: string, random: () => number, who: (own: boolean) => Principal): Plan {
  const drawn = random() * 100;
  const kind = KINDS.find(({ below }) => drawn < below) ?? KINDS[0];
  const era = random() < 0.5 ? "legacy" : "modern";
  return { who: who(kind.tool === "create_role"), era, tool: kind.tool, args: { name, ...kind.args } };
}

/** Makes a call as API Gateway would hand it over, and waits for what comes. */
export async function make(plan: Plan, gateway: Mortal<Streaming>, audience: string): Promise<Heard> {
  const params = { name: plan.tool, arguments: plan.args };
  const sent = plan.era === "legacy" ? legacy("tools/call", params) : modern("tools/call", params);
  const path = "/mcp/iam";
  const about = { as: plan.who, audience, method: "POST", resource: path, path };
  const event = eventFor({ ...about, headers: withAccept(sent), body: sent.body });
  const told = await gateway.use((living) => stream(living, event));
  return { plan, told: told === DIED ? null : told, at: performance.now() };
}

/** Decides on an approval, once more where the emulator was too busy to answer. */
export async function decideSurely(life: Life, as: Principal, id: string, verdict: "approve" | "deny", more: object) {
  for (let tries = 1; ; tries += 1) {
    // What the approver sees is read past the console, which may meet the same.
    const busy = (cause: unknown): Answer => ({ status: 504, body: String(cause) });
    const { status, body } = await life.decide(as, id, verdict, more).catch(busy);
    if (status === 200 || (tries > 1 && status === 409)) return;
    if (status < 500 || tries === 10) throw new Error(`${id} was not decided: ${status} ${JSON.stringify(body)}`);
  }
}

/** An approval that makes a grant. */
export const FOR_MINUTES = { scope: { kind: "minutes", minutes: 5, arguments: "any", constraint: [] } } as const;
