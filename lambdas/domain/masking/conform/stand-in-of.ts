import type { Json } from "../../json/json.ts";
import { BY_FORMAT } from "../stand-in.ts";
import type { Schema } from "./schemas-at.ts";
import { textOfPattern } from "./text-of-pattern.ts";

/** Texts longer than this are not made up. */
const LONGEST = 10_000;

/** Whether a schema admits strings, as far as its type says. */
export const admits = ({ type }: Schema, kind: "string" | "number"): boolean => {
  if (type === undefined) return true;
  const types = Array.isArray(type) ? (type as readonly Json[]) : [type];
  return types.includes(kind) || (kind === "number" && types.includes("integer"));
};

/**
 * What may stand for a masked string under a schema: the masked text where nothing speaks against it; else something of
 * the schema's own making that says as little.
 *
 * @returns undefined where nothing does
 */
export function standInFor(masked: string, schema: Schema): string | undefined {
  return [masked, ...standIns(schema)].find((text) => fits(text, schema));
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

function fits(text: string, { format, pattern, minLength, maxLength, enum: values, const: only }: Schema): boolean {
  const length = Array.from(text).length;
  if (typeof minLength === "number" && length < minLength) return false;
  if (typeof maxLength === "number" && length > maxLength) return false;
  if (Array.isArray(values) && !(values as readonly Json[]).includes(text)) return false;
  if (only !== undefined && only !== text) return false;
  if (typeof format === "string" && Object.hasOwn(BY_FORMAT, format) && BY_FORMAT[format] !== text) return false;
  // What is one of the schema's own values fits its pattern if anything does.
  return typeof pattern !== "string" || textOfPattern(pattern) === text || Array.isArray(values) || only !== undefined;
}

/** A number that may stand for a masked one: 0, or the nearest to it that the schema admits. */
export function numberFor(schema: Schema): number | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, enum: values, const: only } = schema;
  const step = typeof multipleOf === "number" ? multipleOf : 1;
  const over = typeof exclusiveMinimum === "number" ? (Math.floor(exclusiveMinimum / step) + 1) * step : undefined;
  const under = typeof exclusiveMaximum === "number" ? (Math.ceil(exclusiveMaximum / step) - 1) * step : undefined;
  const least = typeof minimum === "number" ? Math.ceil(minimum / step) * step : undefined;
  const most = typeof maximum === "number" ? Math.floor(maximum / step) * step : undefined;
  const candidates = [0, ...(Array.isArray(values) ? (values as readonly Json[]) : []), only, least, over, most, under];
  return candidates
    .filter((value) => typeof value === "number")
    .find(
      (value) =>
        (typeof minimum !== "number" || value >= minimum) &&
        (typeof maximum !== "number" || value <= maximum) &&
        (typeof exclusiveMinimum !== "number" || value > exclusiveMinimum) &&
        (typeof exclusiveMaximum !== "number" || value < exclusiveMaximum) &&
        (!Array.isArray(values) || (values as readonly Json[]).includes(value)) &&
        (only === undefined || only === value),
    );
}
