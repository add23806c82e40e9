import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import type { EvidenceOptions } from "./commands/evidence-place.ts";
import type { ExportOptions } from "./commands/export.ts";
import { FORMATS } from "./commands/export-formats.ts";
import { holdCommands } from "./commands/hold.ts";
import type { SimulateOptions } from "./commands/policy-simulate.ts";
import type { PolicyTestOptions } from "./commands/policy-test.ts";
import type { QuarantineOptions } from "./commands/quarantine.ts";
import type { QueryOptions } from "./commands/query.ts";
import type { ReplayOptions, Telling } from "./commands/replay.ts";
import type { RevealOptions } from "./commands/reveal.ts";
import type { VerifyCommand } from "./commands/verify.ts";
import { type Place, placeOf } from "./place.ts";
import { visible } from "./visible.ts";

// Compiled once for all runs; and each command loads only what it needs. Not in the shared folder for temporary files, where
// Node would run what another user of the machine had put there.
enableCompileCache(join(homedir(), ".cache", "countersign"));

/** The operator's command line. Errors are one line on stderr and exit code 1. */
const program = new Command("countersign")
  .description("Ask Countersign what happened, review and end access, and see that approvers can be reached")
  .option("--local", "use the local stack that `npm run local` keeps up")
  .option("--masked-vault <bucket>", "bucket of the masked vault (or COUNTERSIGN_MASKED_VAULT)")
  .option("--url <url>", "URL of the gateway (or COUNTERSIGN_URL)");

const place = (): Place => placeOf(program.opts(), process.env);

program
  .command("replay")
  .argument("[id]", "a session, or a call, approval or record of it")
  .option("--principal <principal>", "sessions in which this principal called: <issuer>|<subject>")
  .option("--approval <id>", "the session of an approval")
  .option("--since <time>", "only what happened from then on (RFC 3339)")
  .option("--until <time>", "only what happened before")
  .option("--from <place>", "archive or ledger", "archive")
  .option("--folder <folder>", "a copy of the masked vault, instead of the vault itself")
  .option("--follow", "go on telling what happens, until it is interrupted; best with --from ledger")
  .option("--speed <times>", "play it with the pauses that there were, so many times faster", Number)
  .option("--html <file>", "write one self-contained page to hand over")
  .option("--json", "one record a line")
  .description("Tell the story of a session in order")
  .action(async (id: string | undefined, options: ReplayOptions & Telling) => {
    const { follow, speed, ...wanted } = options;
    const { assertTogether, replay } = await import("./commands/replay.ts");
    assertTogether(options);
    const { followReplay, playReplay } = await import("./commands/replay-live.ts");
    if (follow) return followReplay(place(), id, wanted, { write: print, signal: interrupted() });
    if (speed !== undefined)
      return playReplay(place(), id, { ...wanted, speed }, { write: print, signal: interrupted() });
    print(await replay(place(), id, wanted));
  });

program
  .command("query")
  .argument("[name or SQL]", "a named query, or SQL over `records` and the views")
  .option("--list", "tell the named queries, and which control each is for")
  .option("--sql", "with --list: the SQL of views and queries, as Athena runs it")
  .option("--from <day>", "first day of arrival, YYYY-MM-DD, UTC; a named query reads 31 days unless told")
  .option("--until <day>", "last day of arrival")
  .option("--athena", "ask Athena; without it DuckDB on this machine")
  .option("--folder <folder>", "a copy of the masked vault, instead of the vault itself")
  .option("--json", "rows as JSON, with what they cover")
  .option("--csv", "rows as CSV")
  .description("Ask the masked archive, by the name of a question or in SQL; says which days the answer covers")
  .action(async (asked: string | undefined, options: QueryOptions & { list?: boolean; sql?: boolean }) => {
    if (asked === undefined && !options.list) throw new Error("name a query or give SQL; --list tells the names");
    const { listQueries, query } = await import("./commands/query.ts");
    if (asked === undefined || options.list) return print(listQueries(options));
    const { text, covers } = await query(place(), asked, options);
    print(text);
    // On stderr, so that JSON and CSV stay what they are.
    process.stderr.write(`${covers}\n`);
  });

program
  .command("reveal")
  .argument("[id]", "a record, or a session for all of its records")
  .requiredOption("--reason <text>", "why you need the originals; it is recorded before anything is shown")
  .option("--search <text>", "instead of an id, what holds this text of 4 characters or more; - reads it from stdin")
  .option(
    "--from <time>",
    "with --search: written then or later, the last day unless told; of a session: in the archive",
  )
  .option("--to <time>", "written before")
  .option("--approval <id>", "of a search that somebody else had to agree to: the approval that the first try named")
  .option("--json", "one original a line")
  .description("Show unmasked originals; needs a console token of an auditor in COUNTERSIGN_TOKEN (docs/reveal.md)")
  .action(async (id: string | undefined, { reason, ...options }: RevealOptions & { reason: string }) => {
    // A command line lands in the shell's history.
    const { textOf } = await import("./commands/quarantine.ts");
    const wanted = options.search === "-" ? { ...options, search: await textOf(process.stdin) } : options;
    const { revealed } = await import("./commands/reveal.ts");
    for await (const text of revealed(place(), id, reason, wanted, token())) print(text);
  });

program
  .command("quarantine")
  .argument("<record>", "id of the record in which a secret was not masked")
  .requiredOption("--reason <text>", "why; it is recorded. Do not write the secret into it")
  .option("--text-from-stdin", "read the secret from standard input: a command line lands in the shell's history")
  .option("--at <leaf>", "where it stands, such as response:/result/content/0/text; all of it is masked")
  .description(
    "Put a newly masked copy in the place of a record: by the present rules, and what is named; needs a console token in COUNTERSIGN_TOKEN",
  )
  .action(async (record: string, { textFromStdin, ...options }: QuarantineOptions & { textFromStdin?: boolean }) => {
    const { quarantine, textOf } = await import("./commands/quarantine.ts");
    const missed = textFromStdin ? await textOf(process.stdin) : undefined;
    print(await quarantine(place(), record, options, missed, process.env.COUNTERSIGN_TOKEN));
  });

const evidence = (command: Command) =>
  command
    .option(
      "--folder <folder>",
      "a copy of the masked vault, instead of the vault itself: nothing is asked of AWS then",
    )
    .option("--sealed-folder <folder>", "a copy of the sealed vault")
    .option("--sealed-vault <bucket>", "bucket of the sealed vault")
    .option(
      "--key <file...>",
      "public keys that you trust (PEM), <file>@<time> for one that signs from then on; without it those that the vault publishes",
    );

evidence(program.command("verify"))
  .option("--from <time>", "begin with the digest of this hour (RFC 3339); without it everything since the first")
  .option("--until <time>", "every hour that ended by then must have its digest")
  .option("--json", "the verdict as JSON")
  .description(
    "Check everything that was archived against the signed digests; exit code 1 when anything is not as it was signed",
  )
  .action(async (options: VerifyCommand) => {
    const { verify, progressBar } = await import("./commands/verify.ts");
    const { text, ok } = await verify(place(), options, progressBar(process.stderr));
    print(text);
    if (!ok) process.exitCode = 1;
  });

evidence(program.command("prove"))
  .argument("<record>", "id of a record")
  .description(
    "Print a proof that a record is under a signed digest; docs/check-proof.mjs checks it without any code of ours",
  )
  .action(async (record: string, options: EvidenceOptions) => {
    const { prove } = await import("./commands/prove.ts");
    print(JSON.stringify(await prove(place(), record, options), null, 2));
  });

program
  .command("export")
  .requiredOption("--from <time>", "records made then or later (RFC 3339)")
  .requiredOption("--to <time>", "records made before")
  .option("--format <format>", FORMATS.join(", "), "ocsf")
  .option("--folder <folder>", "a copy of the masked vault, instead of the vault itself")
  .description("Print the records of a time: OCSF events for a SIEM, the records as they were hashed, or CSV")
  .action(async (options: ExportOptions) => {
    const { exported } = await import("./commands/export.ts");
    await pipeline(Readable.from(exported(place(), options)), process.stdout);
  });

program
  .command("redrive")
  .description("Archive what the archiver could not, through the archiver itself; exit code 1 when anything is left")
  .action(async () => {
    const { redrive } = await import("./commands/redrive.ts");
    const { text, ok } = await redrive(place());
    print(text);
    if (!ok) process.exitCode = 1;
  });

const token = () => process.env.COUNTERSIGN_TOKEN;

program
  .command("grants")
  .option("--all", "those of everybody whom you may approve or administer")
  .option("--json", "as JSON")
  .description("List your grants; needs a console token in COUNTERSIGN_TOKEN")
  .action(async (options: { all?: boolean; json?: boolean }) => {
    const { grants } = await import("./commands/grants.ts");
    print(await grants(place(), options, token()));
  });

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
    .action(async (principal: string, { reason }: { reason: string }) => {
      const { setBlocked } = await import("./commands/block.ts");
      print(await setBlocked(place(), principal, { blocked: word === "block", reason }, token()));
    });

const access = program.command("access").description("Who can do what");
access
  .command("review")
  .option("--json", "as JSON")
  .description("List principals and grants with their last use, under your own AWS rights")
  .action(async (options: { json?: boolean }) => {
    const { accessReview } = await import("./commands/access-review.ts");
    print(await accessReview(place(), options));
  });

const approvers = program.command("approvers").description("Whether approvers can be reached");
approvers
  .command("check")
  .option("-c, --config <file>", "the configuration that was deployed", "config/gateway.yaml")
  .option("--json", "as JSON")
  .description("List the subscriptions of each group; exit code 1 when a group has fewer confirmed than its quorum")
  .action(async (options: { config: string; json?: boolean }) => {
    const { checkApprovers } = await import("./commands/approvers.ts");
    const { text, enough } = await checkApprovers(place(), options);
    print(text);
    if (!enough) process.exitCode = 1;
  });
approvers
  .command("confirm")
  .requiredOption("--group <name>", "the approver group")
  .requiredOption("--token <token>", "the Token in the link of the confirmation mail")
  .description("Confirm a subscription so that a link in its mails cannot end it")
  .action(async (options: { group: string; token: string }) => {
    const { confirmApprover } = await import("./commands/approvers.ts");
    print(await confirmApprover(place(), options));
  });

const pins = program.command("pins").description("Which definitions of tools are trusted (docs/pins.md)");
pins
  .command("list")
  .argument("[server]", "one server's alone")
  .option("--changed", "only tools that are not what is pinned")
  .option("--json", "with the definitions, as JSON")
  .description("List what is pinned, under your own AWS rights")
  .action(async (server: string | undefined, options: { changed?: boolean; json?: boolean }) => {
    const { listPins } = await import("./commands/pins.ts");
    print(await listPins(place(), server, options));
  });
pins
  .command("diff")
  .argument("<server>")
  .argument("[tool]")
  .option("--json", "as JSON")
  .description("Show how tools differ from what is pinned, under your own AWS rights")
  .action(async (server: string, tool: string | undefined, options: { json?: boolean }) => {
    const { diffPins } = await import("./commands/pins.ts");
    print(await diffPins(place(), server, tool, options));
  });
pins
  .command("export")
  .argument("[server]", "one server's alone")
  .description("Print what is pinned as config/pins.json, under your own AWS rights")
  .action(async (server: string | undefined) => {
    const { exportPins } = await import("./commands/pins.ts");
    print(await exportPins(place(), server));
  });
pins
  .command("accept")
  .argument("<server>")
  .argument("[tool]", "without it, every changed tool of the server")
  .requiredOption("--reason <text>", "why; it is recorded")
  .option("--digest <sha256>", "the definition meant; the pinned one forgets what was seen since")
  .description("Pin changed tools as they are now; needs a console token of an administrator in COUNTERSIGN_TOKEN")
  .action(async (server: string, tool: string | undefined, options: { digest?: string; reason: string }) => {
    const { acceptPins } = await import("./commands/pins.ts");
    print(await acceptPins(place(), server, tool, options, token()));
  });

const policy = program.command("policy").description("What the rules of the working copy decide (docs/policy.md)");
const CONFIG = ["-c, --config <file>", "the configuration that the rules lie beside", "config/gateway.yaml"] as const;
policy
  .command("test")
  .option(...CONFIG)
  .option("--tests <file>", "the cases; tests.yaml beside the policies unless given")
  .option("--coverage <percent>", "least share of policies that must have made a decision", Number, 0)
  .option("--json", "as JSON")
  .description("Play the cases of tests.yaml; exit code 1 when one is decided otherwise, or coverage is too low")
  .action(async (options: PolicyTestOptions) => {
    const { testPolicies } = await import("./commands/policy-test.ts");
    const { text, ok } = testPolicies(options);
    print(text);
    if (!ok) process.exitCode = 1;
  });
policy
  .command("simulate")
  .option(...CONFIG)
  .option("--since <duration>", "how far back, such as 7d or 12h", "7d")
  .option("--most <count>", "changes that are listed; all are counted", Number, 1000)
  .option("--json", "as JSON")
  .description("Decide the archived calls again by the working copy, and list what would change")
  .action(async (options: SimulateOptions) => {
    const { simulate } = await import("./commands/policy-simulate.ts");
    print(await simulate(place(), options));
  });

holdCommands(program, place, print);

/** Aborted by the first interrupt, so that what was begun is ended in order. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  return controller.signal;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

program.parseAsync().catch((error: unknown) => {
  // It may quote what a server or a caller wrote; only line breaks pass, which errors of the configuration have.
  const said = (error instanceof Error ? error.message : String(error)).split("\n").map(visible).join("\n");
  process.stderr.write(`countersign: ${said}\n`);
  process.exitCode = 1;
});
