import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ATTACKS, type Attack, type Shown } from "./catalogue.ts";
import { CONTROLS, type Control } from "./controls.ts";

/** Where the generated page lies. */
export const ATTACKS_FILE = fileURLToPath(new URL("../../docs/attacks.md", import.meta.url));

const entries: readonly (readonly [string, Attack])[] = Object.entries(ATTACKS);

/** `docs/attacks.md`: what is tried, what stops it, for which control, and what it leaves behind. */
export function attacksDocument(): string {
  const byControl = (Object.keys(CONTROLS) as Control[]).map((control) => {
    const by = entries.filter(([, { controls }]) => controls.includes(control)).map(([name]) => `\`${name}\``);
    return `| ${control} | ${CONTROLS[control]} | ${by.join(", ")} |`;
  });
  return [
    "# Attack suite",
    "",
    "Written by `npm run attacks` from `test/attacks/catalogue.ts`. A test checks that each test named here exists, by its title and row, and that",
    "no attack is without one. Controls are those of NIST SP 800-53 Rev 5 (catalog 5.1.1); a test exercises its control, and proves no more than it does.",
    "By element of a call's path, and with what is not defended: [threat model](threat-model.md).",
    "",
    `## ${entries.length} attacks`,
    "",
    "| attack | what is tried | what stops it | controls | what it leaves |",
    "|---|---|---|---|---|",
    ...entries.map(
      ([name, { what, stops, controls, record }]) =>
        `| \`${name}\` | ${what} | ${stops} | ${controls.join(", ")} | ${"none" in record ? `no record: ${record.none}` : `\`${record.type}\``} |`,
    ),
    "",
    "## Shown by",
    "",
    ...entries.flatMap(([name, { shown, record }]) => [
      `### ${name}`,
      "",
      ...shown.map(told),
      ...("none" in record ? [] : [`- the record: ${place(record.shown)}`]),
      "",
    ]),
    "## By control",
    "",
    "| control | title | attacks |",
    "|---|---|---|",
    ...byControl,
    "",
  ].join("\n");
}

const place = ({ file, title }: Shown) => `\`${file}\`, “${title.replaceAll("|", "\\|")}”`;
const told = (shown: Shown) =>
  `- ${place(shown)}${shown.rows === undefined ? "" : `: ${shown.rows.map((row) => `“${row}”`).join(", ")}`}`;

if (import.meta.main) writeFileSync(ATTACKS_FILE, attacksDocument());
