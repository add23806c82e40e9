import { RULES } from "../../lambdas/domain/masking/rules/index.ts";

/** `docs/masking-kinds.md`: every kind with what its own file says of it. Examples stay out: scanners would find them. */
export function kindsTable(): string {
  const rows = (family: string) =>
    RULES.filter((rule) => rule.family === family).map(
      (rule) =>
        `| \`${rule.kind}\` | ${rule.field ? "by form or name in text, and by field name" : "in text"} | ${found(rule)} |`,
    );
  const head = ["| kind | where | the engine looks for |", "|---|---|---|"];
  return [
    "# Kinds that masking knows",
    "",
    "Written by `npm run quality:masking -- --write-kinds` from `lambdas/domain/masking/rules`; what each is and where its form is",
    "documented stands in its file. Choose in `config/masking.yaml`.",
    "",
    `## Set \`credentials\`: ${rows("credential").length} kinds`,
    "",
    ...head,
    ...rows("credential"),
    "",
    `## Set \`personal\`: ${rows("personal").length} kinds`,
    "",
    ...head,
    ...rows("personal"),
    "",
  ].join("\n");
}

function found({ signs, digits }: (typeof RULES)[number]): string {
  if (digits !== undefined) return `${digits} digits or more, then form and checks`;
  const shown = (signs ?? []).slice(0, 6).map((sign) => `\`${sign.replaceAll("|", "\\|")}\``);
  return shown.join(" ") + ((signs?.length ?? 0) > 6 ? " …" : "");
}
