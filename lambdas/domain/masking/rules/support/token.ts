import { type Example, type Rule, spansOf } from "../../rule.ts";
import { matchesAt } from "./values.ts";

/** A credential that can be told by its own form: a prefix or another mark that its issuer puts into it. */
export interface TokenForm {
  readonly kind: string;
  /** The issuer's marks, of which one is in every token. No quotes, slashes or backslashes: source text escapes them. */
  readonly signs: readonly string[];
  /** Global; matches the token and nothing around it. */
  readonly expression: RegExp;
  /** What an expression cannot say. */
  readonly isToken?: (value: string, text: string, start: number) => boolean;
  /** Whole tokens, or texts with a token in them. */
  readonly examples: readonly (string | Example)[];
  readonly counterExamples: readonly string[];
  /** Set where what it depends on may stand in the line before. */
  readonly acrossLines?: true;
  /** Whether a value under this name is such a token whatever it looks like. */
  readonly field?: (name: string) => boolean;
}

/** Longer than the tokens of which the end is not known from the beginning, with the address or words around them. */
const REACH = 512;

/** A rule for a token with a form of its own. */
export function tokenRule({ signs, expression, isToken, examples, ...rest }: TokenForm): Rule {
  const secrets = examples.map((example) => (typeof example === "string" ? example : example.secret));
  const beginsWithSign = secrets.every((secret) => signs.some((sign) => secret.startsWith(sign)));
  const sticky = new RegExp(expression.source, "y");
  const mayHold = (text: string) => signs.some((sign) => text.includes(sign));
  return {
    ...rest,
    family: "credential",
    signs,
    reach: REACH,
    examples: examples.flatMap((example) =>
      typeof example === "string" ? [{ text: `key: "${example}"`, secret: example }] : [example],
    ),
    find: (text) => {
      const spans = beginsWithSign ? matchesAt(text, signs, sticky) : mayHold(text) ? spansOf(text, expression) : [];
      return isToken ? spans.filter(({ start, end }) => isToken(text.slice(start, end), text, start)) : spans;
    },
  };
}
