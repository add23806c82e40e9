import type { Json } from "../../json/json.ts";
import { BY_FORMAT } from "../stand-in.ts";
import { firstAlternatives, patternCost } from "./alternatives.ts";
import { targetOf } from "./references.ts";
import { admits, breadthOf, listed, type Reading, type Schema } from "./schema.ts";
import { stepsOf } from "./steps.ts";
import { textOfPattern } from "./text-of-pattern.ts";

/** Texts longer than this are not made up. */
const LONGEST = 10_000;
/** Schemas that refer to each other are followed so far for one text. */
const MOST_VISITS = 1000;
/** Keywords of which all is looked at. */
const WIDE = ["allOf", "anyOf", "oneOf", "enum", "type"];

/**
 * What may stand for a masked string where schemas speak of it: the masked text where nothing speaks against it; else
 * something of the schemas' own making that says as little.
 *
 * @param schemas all of them must admit it
 * @returns undefined where nothing does, and where finding it takes too long
 */
export function standInFor(masked: string, schemas: readonly Schema[], reading: Reading): string | undefined {
  const fitsAll = (text: string) => schemas.every((schema) => admitsText(schema, text, reading));
  return fitsAll(masked) ? masked : firstOf(standIns, schemas, reading, fitsAll);
}

/** A number that may stand for a masked one: 0, or the nearest to it that all schemas admit. */
export function numberFor(schemas: readonly Schema[], reading: Reading): number | undefined {
  const fitsAll = (value: number) => schemas.every((schema) => admitsNumber(schema, value, reading));
  return fitsAll(0) ? 0 : firstOf(numbers, schemas, reading, fitsAll);
}

/** The first that fits of what is made from schemas and their branches; the same is tried once. */
function firstOf<Made>(
  make: (schema: Schema) => readonly Made[],
  schemas: readonly Schema[],
  reading: Reading,
  fitsAll: (made: Made) => boolean,
): Made | undefined {
  const tried = new Set<Made>();
  for (const schema of firstAlternatives(schemas, reading))
    for (const made of make(schema)) {
      if (reading.steps.areSpent) return undefined;
      if (!tried.has(made) && fitsAll(made)) return made;
      tried.add(made);
    }
  return undefined;
}

function standIns({ format, pattern, minLength, maxLength, enum: values, const: only }: Schema): readonly string[] {
  const least = typeof minLength === "number" ? minLength : 1;
  const most = typeof maxLength === "number" ? maxLength : Number.POSITIVE_INFINITY;
  const made = typeof pattern === "string" ? textOfPattern(pattern) : undefined;
  return [
    ...(Array.isArray(values) ? (values as readonly Json[]) : []),
    only,
    typeof format === "string" && Object.hasOwn(BY_FORMAT, format) ? BY_FORMAT[format] : undefined,
    made,
    least <= LONGEST ? "*".repeat(Math.max(least, Math.min(3, most))) : undefined,
  ].filter((text) => typeof text === "string");
}

const admitsText = (schema: Schema, text: string, reading: Reading): boolean =>
  admitted(schema, reading, (own) => {
    const isLooked = reading.steps.take(stepsOf(text) + patternCost(own));
    return isLooked && admits(own, "string") && fits(text, own);
  });

const admitsNumber = (schema: Schema, value: number, reading: Reading): boolean =>
  admitted(schema, reading, (own) => admits(own, "number") && isWithin(value, own));

/** Whether it is so of a schema, what it refers to, and one branch of each of its unions. */
function admitted(schema: Schema, { root, steps }: Reading, says: (own: Schema) => boolean): boolean {
  let visits = 0;
  const again = (one: Schema): boolean => {
    visits += 1;
    if (visits > MOST_VISITS || !steps.take(breadthOf(one, WIDE)) || !says(one)) return false;
    const target = targetOf(root, one);
    return (
      (target === undefined || again(target)) &&
      listed(one.allOf).every(again) &&
      [one.anyOf, one.oneOf].every(
        (union) => !Array.isArray(union) || union.includes(true) || listed(union).some(again),
      )
    );
  };
  return again(schema);
}

function fits(text: string, { format, pattern, minLength, maxLength, enum: values, const: only }: Schema): boolean {
  if (typeof minLength === "number" && lengthOf(text) < minLength) return false;
  if (typeof maxLength === "number" && lengthOf(text) > maxLength) return false;
  if (Array.isArray(values) && !(values as readonly Json[]).includes(text)) return false;
  if (only !== undefined && only !== text) return false;
  if (typeof format === "string" && Object.hasOwn(BY_FORMAT, format) && BY_FORMAT[format] !== text) return false;
  // What is one of the schema's own values fits its pattern if anything does.
  return typeof pattern !== "string" || textOfPattern(pattern) === text || Array.isArray(values) || only !== undefined;
}

const lengthOf = (text: string) => Array.from(text).length;

function numbers(schema: Schema): readonly number[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, enum: values, const: only } = schema;
  const step = typeof multipleOf === "number" ? multipleOf : 1;
  return [
    ...(Array.isArray(values) ? (values as readonly Json[]) : []),
    only,
    typeof minimum === "number" ? Math.ceil(minimum / step) * step : undefined,
    typeof exclusiveMinimum === "number" ? (Math.floor(exclusiveMinimum / step) + 1) * step : undefined,
    typeof maximum === "number" ? Math.floor(maximum / step) * step : undefined,
    typeof exclusiveMaximum === "number" ? (Math.ceil(exclusiveMaximum / step) - 1) * step : undefined,
  ].filter((value) => typeof value === "number");
}

function isWithin(value: number, schema: Schema): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, enum: values, const: only } = schema;
  return (
    (typeof minimum !== "number" || value >= minimum) &&
    (typeof maximum !== "number" || value <= maximum) &&
    (typeof exclusiveMinimum !== "number" || value > exclusiveMinimum) &&
    (typeof exclusiveMaximum !== "number" || value < exclusiveMaximum) &&
    (!Array.isArray(values) || (values as readonly Json[]).includes(value)) &&
    (only === undefined || only === value)
  );
}
