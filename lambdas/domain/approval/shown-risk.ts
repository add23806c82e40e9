import type { Json } from "../json/json.ts";
import type { Finding } from "../masking/index.ts";
import type { RiskMatch } from "../risk/index.ts";
import type { ShownRisk } from "./approval.ts";
import { covered, kindAndLength } from "./shown.ts";

/** Arguments that somebody is asked about. */
export interface AskedArguments {
  /** As they came. */
  readonly value: Json;
  /** With credentials masked; where is told by `credentials`. */
  readonly masked: Json;
  readonly credentials: readonly Finding[];
  /** As the approver sees them. */
  readonly shown: Json;
}

/** Longest matched text that is kept for the page. */
const LONGEST_MATCH = 200;

/**
 * A risk as the approver sees it. The matched text is what is judged, so it stands in clear, unless a credential lies over
 * it: then it tells no more than the arguments do.
 *
 * @param mask masks a text that stands nowhere in the arguments, as the call's target and words that were put together
 */
export function shownRisk(match: RiskMatch, asked: AskedArguments, mask: (text: string) => string): ShownRisk {
  const { risk, pointer, text, more } = match;
  const isHidden = pointer === "" || isCovered(match, asked);
  // No rule knows half a credential, so what is masked is whole.
  const whole = isHidden ? maskedMatch(match, asked, mask) : text;
  const told = whole.slice(0, LONGEST_MATCH).toWellFormed();
  const shownAt = isHidden ? shownPointer(pointer, asked.masked) : pointer;
  const cut = more === true || told.length < whole.length || shownAt !== pointer;
  return { risk, pointer: shownAt, match: told, ...(cut ? { cut } : {}) };
}

/** Where a risk was matched. */
export type Place = Pick<RiskMatch, "pointer" | "start" | "length">;

/** Whether a credential lies over a matched text; what an approver must judge is then hidden. */
export const isCovered = (
  place: Place,
  { masked, credentials }: Pick<AskedArguments, "masked" | "credentials">,
): boolean =>
  // Under a member whose name holds a mask, places cannot be told apart.
  (credentials.length > 0 && shownPointer(place.pointer, masked) !== place.pointer) ||
  credentials.some((finding) => liesOver(finding, place));

const liesOver = (finding: Finding, { pointer, start, length }: Place): boolean =>
  // A risk without a place is about the call as a whole, one of words that stand apart about all of them.
  pointer === "" ||
  finding.pointer.startsWith(`${pointer}/`) ||
  (finding.pointer === pointer && finding.start < start + length && start < finding.start + finding.length);

function maskedMatch({ text, ...place }: RiskMatch, asked: AskedArguments, mask: (text: string) => string): string {
  const { pointer, start, length } = place;
  const [leaf, shown] = [valueAt(pointer, asked.value), valueAt(pointer, asked.shown)];
  if (typeof leaf !== "string" || typeof shown !== "string") return mask(withoutCredentials(text, asked));
  const here = credentialsAt(pointer, leaf, shown, asked);
  // Decoded text does not stand there: a credential in it has another place, and other neighbours.
  if (here === undefined || leaf.slice(start, start + length) !== text) return shown;
  const over = here.filter((finding) => liesOver(finding, place));
  const from = Math.min(start, ...over.map((finding) => finding.start));
  const to = Math.max(start + length, ...over.map((finding) => finding.start + finding.length));
  const within = over.map((finding) => ({ ...finding, start: finding.start - from }));
  return covered(leaf.slice(from, to), within, kindAndLength);
}

/** By leaf: a text may hold hundreds of matches and of credentials, and each would look through all of it anew. */
const known = new WeakMap<AskedArguments, Map<string, readonly Finding[] | undefined>>();

/** The credentials of a leaf, where covering them makes what is shown of it; undefined where one was found in decoded text. */
function credentialsAt(
  pointer: string,
  leaf: string,
  shown: string,
  asked: AskedArguments,
): readonly Finding[] | undefined {
  const leaves = known.get(asked) ?? new Map<string, readonly Finding[] | undefined>();
  known.set(asked, leaves);
  if (!leaves.has(pointer)) {
    const here = asked.credentials.filter((finding) => finding.pointer === pointer);
    leaves.set(pointer, covered(leaf, here, kindAndLength) === shown ? here : undefined);
  }
  return leaves.get(pointer);
}

/** A text in which each credential is covered wherever it stands whole. */
const withoutCredentials = (text: string, { value, credentials }: AskedArguments): string =>
  credentials.reduce((left, finding) => {
    const leaf = valueAt(finding.pointer, value);
    if (typeof leaf !== "string") return left;
    return left.replaceAll(leaf.slice(finding.start, finding.start + finding.length), kindAndLength(finding));
  }, text);

/** A pointer as far as it leads in masked arguments: the name of a member may be a credential too. */
function shownPointer(pointer: string, masked: Json): string {
  const steps = pointer.split("/");
  let led = steps.length;
  while (led > 1 && valueAt(steps.slice(0, led).join("/"), masked) === undefined) led -= 1;
  return steps.slice(0, led).join("/");
}

function valueAt(pointer: string, value: Json): Json | undefined {
  let at: Json = value;
  for (const token of pointer.split("/").slice(1)) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, Json>>)[name] as Json;
  }
  return at;
}
