import type { RowPlace } from "../aws/approvals-table.ts";
import { CountersignError } from "../domain/error.ts";

/** How far each part of a list was shown: to a row, to its end, or not at all. */
export type Progress = RowPlace | "end" | null;

/** Puts the progress of a list's parts into one opaque text. */
export const toCursor = (view: string, parts: readonly Progress[]): string =>
  Buffer.from(
    JSON.stringify([view, ...parts.map((at) => (at === null || at === "end" ? at : [at.createdAt, at.id]))]),
  ).toString("base64url");

/**
 * Reads a cursor. It names places only, within the parts that the view itself chooses: a made-up one shows nothing more.
 *
 * @param parts how many parts the view has
 * @throws CountersignError `bad_request` for anything that is no cursor of this view
 */
export function fromCursor(cursor: string | undefined, view: string, parts: number): Progress[] {
  if (cursor === undefined) return Array.from({ length: parts }, () => null);
  try {
    const [of, ...places] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
    if (of === view && places.length === parts) return places.map(progressOf);
  } catch {
    // Falls through to the one error for whatever is no cursor.
  }
  throw new CountersignError("bad_request", '"cursor" must be one that this list gave; leave it out to begin anew');
}

function progressOf(place: unknown): Progress {
  if (place === null || place === "end") return place;
  const [createdAt, id] = place as [unknown, unknown];
  if (typeof createdAt !== "number" || typeof id !== "string" || !/^[a-z2-7]{26}$/.test(id))
    throw new TypeError("no place in a list");
  return { createdAt, id };
}
