import { OUTSIDER_CREDENTIALS } from "./outsider-credentials.ts";
import { OUTSIDER_FOURTH } from "./outsider-fourth.ts";
import { OUTSIDER_HARMLESS } from "./outsider-harmless.ts";
import { OUTSIDER_PERSONAL } from "./outsider-personal.ts";
import { OUTSIDER_SECOND } from "./outsider-second.ts";
import { OUTSIDER_THIRD } from "./outsider-third.ts";
import { randomOf } from "./random.ts";

/** A text of the outsider's with the places that must go; none, where nothing may. */
export interface MarkedText {
  readonly id: string;
  readonly kind: string;
  readonly family: "credential" | "personal";
  readonly text: string;
  readonly secrets: readonly { readonly start: number; readonly end: number }[];
}

/** Every text of the outsider's set, the same on every run. */
export function outsiderTexts(): MarkedText[] {
  const random = randomOf(90125);
  const read = (set: Readonly<Record<string, string>>, family: (kind: string) => MarkedText["family"]): MarkedText[] =>
    Object.entries(set).flatMap(([kind, lines]) =>
      lines
        .split("\n")
        .filter((line) => line !== "")
        .map((line, at) => ({
          id: `outsider/${kind}/${at}`,
          kind,
          family: family(kind),
          ...unmarked(random.fill(line.replaceAll("⏎", "\n").replaceAll("§", "$"))),
        })),
    );
  return [
    ...read(OUTSIDER_CREDENTIALS, () => "credential"),
    ...read(OUTSIDER_PERSONAL, () => "personal"),
    ...read(OUTSIDER_HARMLESS, (kind) => (kind === "no person" ? "personal" : "credential")),
    ...read({ ...OUTSIDER_SECOND, ...OUTSIDER_THIRD, ...OUTSIDER_FOURTH }, (kind) =>
      kind.startsWith("personal") ? "personal" : "credential",
    ),
  ];
}

function unmarked(line: string): Pick<MarkedText, "text" | "secrets"> {
  let text = "";
  const secrets: { start: number; end: number }[] = [];
  for (const [at, piece] of line.split(/[⟦⟧]/).entries()) {
    if (at % 2 === 1) secrets.push({ start: text.length, end: text.length + piece.length });
    text += piece;
  }
  return { text, secrets };
}
