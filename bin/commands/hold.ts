import type { Command } from "commander";
import { callApi } from "../call-api.ts";
import type { Place } from "../place.ts";
import { table } from "../table.ts";
import { printedJson } from "../visible.ts";

/** What a hold is to keep, as the command line gives it. */
export interface HoldWish {
  readonly session?: string;
  readonly principal?: string;
  readonly from?: string;
  readonly until?: string;
  readonly reason: string;
}

/** Puts a legal hold through the API, which records who did it and why. */
export async function putHold(place: Place, wish: HoldWish, token: string | undefined): Promise<string> {
  const { id } = await callApi<{ id: string }>(place, "/holds", token, wish);
  return `Hold ${id} is put. The objects are held within a quarter of an hour, and what is archived later as well.`;
}

/** Asks for the end of a hold or, as a second person, ends it. */
export async function liftHold(place: Place, id: string, reason: string, token: string | undefined): Promise<string> {
  const path = `/holds/${encodeURIComponent(id)}/lift`;
  const { status } = await callApi<{ status: string }>(place, path, token, { reason });
  return status === "LIFTED"
    ? `Hold ${id} is lifted: its objects are freed within a quarter of an hour, and stay for their retention.`
    : `You asked to lift hold ${id}. It stays until another person lifts it with the same command.`;
}

export async function listHolds(
  place: Place,
  { json }: { json?: boolean },
  token: string | undefined,
): Promise<string> {
  const { holds } = await callApi<{ holds: readonly Readonly<Record<string, unknown>>[] }>(place, "/holds", token);
  return json ? printedJson(holds) : table(holds);
}

/** `countersign hold put|lift|list`. */
export function holdCommands(program: Command, place: () => Place, print: (text: string) => void): void {
  const token = () => process.env.COUNTERSIGN_TOKEN;
  const hold = program.command("hold").description("Legal holds; each needs a console token in COUNTERSIGN_TOKEN");
  hold
    .command("put")
    .option("--session <session>", "what belongs to this session")
    .option("--principal <principal>", "what this principal did: <issuer>|<subject>")
    .option("--from <time>", "only what was recorded from then on (RFC 3339)")
    .option("--until <time>", "only what was recorded until then")
    .requiredOption("--reason <text>", "why; it is recorded")
    .description("Keep the objects that hold this, beyond their retention, until two people lift the hold")
    .action(async (wish: HoldWish) => print(await putHold(place(), wish, token())));
  hold
    .command("lift")
    .argument("<id>", "the hold")
    .requiredOption("--reason <text>", "why; it is recorded")
    .description("Ask for the end of a hold or, when another person has asked, end it")
    .action(async (id: string, { reason }: { reason: string }) => print(await liftHold(place(), id, reason, token())));
  hold
    .command("list")
    .option("--json", "as JSON")
    .description("List every hold that there was, and how many objects it keeps")
    .action(async (options: { json?: boolean }) => print(await listHolds(place(), options, token())));
}
