import type { Json } from "../json/json.ts";
import { pointerOf } from "../json/path.ts";
import type { Finding } from "../masking/index.ts";

/** Kinds of findings that are about people and not about access: an approver has to see them to judge. */
const PERSONAL: ReadonlySet<string> = new Set(["EMAIL_ADDRESS", "CARD_NUMBER"]);

/** The findings that an approver does not need to see: credentials, and whatever an adopter's own rules name. */
export const credentialsAmong = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ kind }) => !PERSONAL.has(kind));

/**
 * Arguments as an approver sees them: in clear, but for credentials, of which kind and length are told.
 *
 * @param credentials places within the decoded leaves
 */
export function shownArguments(
  value: Json,
  credentials: readonly Finding[],
  path: readonly (string | number)[] = [],
): Json {
  if (Array.isArray(value)) return value.map((item, at) => shownArguments(item, credentials, [...path, at]));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, shownArguments(member, credentials, [...path, name])]),
    );
  if (credentials.length === 0 || value === null || typeof value === "boolean") return value;
  const pointer = pointerOf(path);
  const here = credentials.filter((finding) => finding.pointer === pointer);
  return here.length === 0 ? value : covered(String(value), here);
}

/** A text with each finding covered, last first so that places stay true. */
function covered(text: string, findings: readonly Finding[]): string {
  return [...findings]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (left, { kind, start, length }) =>
        `${left.slice(0, start)}[${kind}, ${length} characters]${left.slice(start + length)}`,
      text,
    );
}

/** Where a risk was matched. */
export interface Place {
  readonly pointer: string;
  readonly start: number;
  readonly length: number;
}

/** The credential that lies over a matched text; what an approver must judge is then hidden. */
export const coveredBy = ({ pointer, start, length }: Place, credentials: readonly Finding[]): Finding | undefined =>
  credentials.find(
    (finding) =>
      // A risk without a place is about the call as a whole, and so about all that is hidden in it.
      pointer === "" ||
      (finding.pointer === pointer && finding.start < start + length && start < finding.start + finding.length),
  );
