import { Command } from "commander";
import { query } from "./commands/query.ts";
import { replay } from "./commands/replay.ts";
import { reveal } from "./commands/reveal.ts";
import { type Place, placeOf } from "./place.ts";

/** The operator's command line. Errors are one line on stderr and exit code 1. */
const program = new Command("countersign")
  .description("Ask Countersign what happened: replay a session, query the archive, reveal an original")
  .option("--local", "use the local stack that `npm run local` keeps up")
  .option("--masked-vault <bucket>", "bucket of the masked vault (or COUNTERSIGN_MASKED_VAULT)")
  .option("--url <url>", "URL of the gateway (or COUNTERSIGN_URL)");

const place = (): Place => placeOf(program.opts(), process.env);

program
  .command("replay")
  .argument("<id>", "a session, call or approval")
  .option("--json", "one record a line")
  .description("Tell the story of a session in order")
  .action(async (id: string, options: { json?: boolean }) => print(await replay(place(), id, options)));

program
  .command("query")
  .argument("<sql>", "SQL over the view `records`")
  .option("--json", "rows as JSON")
  .description("Ask the masked archive in SQL")
  .action(async (sql: string, options: { json?: boolean }) => print(await query(place(), sql, options)));

program
  .command("reveal")
  .argument("<record>", "id of a record")
  .requiredOption("--reason <text>", "why you need the original; it is recorded before anything is shown")
  .description("Show the unmasked original of a record; needs a console token in COUNTERSIGN_TOKEN")
  .action(async (record: string, { reason }: { reason: string }) =>
    print(await reveal(place(), record, reason, process.env.COUNTERSIGN_TOKEN)),
  );

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`countersign: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
