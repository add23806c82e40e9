import type { Json } from "../json/json.ts";
import { pointerOf } from "../json/path.ts";
import type { Finding } from "../masking/index.ts";

/**
 * Arguments as an approver sees them: in clear, but for credentials, of which kind and length are told.
 *
 * @param value the arguments as they came
 * @param masked the same with credentials masked; where a mask stands in a member's name, that member is shown as it is there
 * @param credentials places within the decoded leaves
 */
export function shownArguments(
  value: Json,
  masked: Json,
  credentials: readonly Finding[],
  path: readonly (string | number)[] = [],
): Json {
  if (Array.isArray(value) && Array.isArray(masked))
    return value.map((item, at) => shownArguments(item, masked[at] ?? null, credentials, [...path, at]));
  if (isObject(value) && isObject(masked))
    return Object.fromEntries(
      Object.entries(masked).map(([name, member]) => {
        const own = Object.hasOwn(value, name) ? value[name] : undefined;
        return [name, own === undefined ? member : shownArguments(own, member, credentials, [...path, name])];
      }),
    );
  if (value === masked) return value;
  const pointer = pointerOf(path);
  const here = credentials.filter((finding) => finding.pointer === pointer);
  const told = (tell: (finding: Finding) => string) => covered(String(value), here, tell);
  // A mask that does not stand where its finding says was found in decoded text: then its length says nothing either.
  return typeof value === "number" || told(({ kind }) => `[${kind}]`) === masked ? told(kindAndLength) : masked;
}

/** What is told of a credential in its place. */
export const kindAndLength = ({ kind, length }: Finding) => `[${kind}, ${length} characters]`;

const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text with each finding covered, last first so that places stay true. */
export function covered(text: string, findings: readonly Finding[], tell: (finding: Finding) => string): string {
  return [...findings]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (left, finding) => left.slice(0, finding.start) + tell(finding) + left.slice(finding.start + finding.length),
      text,
    );
}
