import { type Example, type Rule, type Span, spansOf } from "../../rule.ts";
import { isNamed } from "./context.ts";

/** A number or code of a person that can be told by its form and its check digits. */
export interface NumberForm {
  readonly kind: string;
  /** What the engine looks for first: words of its name where these must stand near, else how many digits there are. */
  readonly signs?: readonly string[];
  readonly digits?: number;
  /** Set where nothing stands between the digits but what people write inside of a number. */
  readonly unbroken?: true;
  /** Cheap and sound: true for every text that holds one. */
  readonly hint: RegExp;
  /** Global; matches the number and nothing around it. */
  readonly expression: RegExp;
  /** The check, given the number without blanks, dots, dashes and slashes, in capitals. */
  readonly isValid: (compact: string, written: string) => boolean;
  /** Words that must stand near it, where the form alone says too little; `"always"` when the form is enough. */
  readonly named: RegExp | "always";
  /** Whether a number as written tells enough without its name, where `named` is an expression. */
  readonly isTelling?: (written: string) => boolean;
  readonly examples: readonly Example[];
  readonly counterExamples: readonly string[];
  /** Names of fields whose values are such numbers. */
  readonly field?: RegExp;
}

/** A number, and how far its name may stand from it. */
const REACH = 192;

/** A rule for a number with a form of its own. */
export function numberRule({ hint, expression, isValid, named, isTelling, field, ...rest }: NumberForm): Rule {
  const holds = (text: string, span: Span): boolean => {
    const written = text.slice(span.start, span.end);
    if (!isValid(written.replace(/[\s./()-]/g, "").toUpperCase(), written)) return false;
    return named === "always" || isTelling?.(written) === true || isNamed(text, span, named);
  };
  /** Without its name anywhere in the text, no number of it can be told: a look that costs less than the numbers. */
  const mayHold = (text: string) =>
    hint.test(text) && (named === "always" || isTelling !== undefined || named.test(text));
  return {
    ...rest,
    family: "personal",
    reach: REACH,
    find: (text) => (mayHold(text) ? spansOf(text, expression).filter((span) => holds(text, span)) : []),
    ...(field && { field: (name: string) => field.test(name) }),
  };
}
