import { Command } from "commander";
import { accessReview } from "./commands/access-review.ts";
import { checkApprovers, confirmApprover } from "./commands/approvers.ts";
import { setBlocked } from "./commands/block.ts";
import { grants } from "./commands/grants.ts";
import { query } from "./commands/query.ts";
import { replay } from "./commands/replay.ts";
import { reveal } from "./commands/reveal.ts";
import { type Place, placeOf } from "./place.ts";

/** The operator's command line. Errors are one line on stderr and exit code 1. */
const program = new Command("countersign")
  .description("Ask Countersign what happened, review and end access, and see that approvers can be reached")
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

const token = () => process.env.COUNTERSIGN_TOKEN;

program
  .command("grants")
  .option("--all", "those of everybody whom you may approve or administer")
  .option("--json", "as JSON")
  .description("List your grants; needs a console token in COUNTERSIGN_TOKEN")
  .action(async (options: { all?: boolean; json?: boolean }) => print(await grants(place(), options, token())));

for (const word of ["block", "unblock"] as const)
  program
    .command(word)
    .argument("<principal>", "as records name it: <issuer>|<subject>")
    .requiredOption("--reason <text>", "why; it is recorded")
    .description(
      word === "block"
        ? "Refuse a principal's next call, end its grants, withdraw its approvals; needs a console token in COUNTERSIGN_TOKEN"
        : "Let a blocked principal call again; needs a console token in COUNTERSIGN_TOKEN",
    )
    .action(async (principal: string, { reason }: { reason: string }) =>
      print(await setBlocked(place(), principal, { blocked: word === "block", reason }, token())),
    );

const access = program.command("access").description("Who can do what");
access
  .command("review")
  .option("--json", "as JSON")
  .description("List principals and grants with their last use, under your own AWS rights")
  .action(async (options: { json?: boolean }) => print(await accessReview(place(), options)));

const approvers = program.command("approvers").description("Whether approvers can be reached");
approvers
  .command("check")
  .option("-c, --config <file>", "the configuration that was deployed", "config/gateway.yaml")
  .option("--json", "as JSON")
  .description("List the subscriptions of each group; exit code 1 when a group has fewer confirmed than its quorum")
  .action(async (options: { config: string; json?: boolean }) => {
    const { text, enough } = await checkApprovers(place(), options);
    print(text);
    if (!enough) process.exitCode = 1;
  });
approvers
  .command("confirm")
  .requiredOption("--group <name>", "the approver group")
  .requiredOption("--token <token>", "the Token in the link of the confirmation mail")
  .description("Confirm a subscription so that a link in its mails cannot end it")
  .action(async (options: { group: string; token: string }) => print(await confirmApprover(place(), options)));

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`countersign: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
