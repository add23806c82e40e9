/** Refusals of one source in one minute that are recorded one by one. */
const SINGLE = 10;
/** Records of one minute, whatever is refused. */
const MOST = 60;

/** What is recorded of a refusal: itself, or how many there were in its minute at the least. */
export type Noted =
  | { readonly kind: "single" }
  | { readonly kind: "sum"; readonly count: number; readonly of: "source" | "all" };

/** What is to be recorded of one more refusal; undefined for nothing. @param time milliseconds since the epoch */
export type RefusalMeter = (source: string, time: number) => Noted | undefined;

/**
 * Bounds what a flood of refusals leaves behind. The first ones of a source are told one by one, then each doubling of
 * their number; when a minute has had its records, each doubling of the number from all sources. So a million refusals
 * leave some eighty records, and the last one tells at least half of what there was.
 */
export function refusalMeter(): RefusalMeter {
  let minute = Number.NEGATIVE_INFINITY;
  let sources = new Map<string, number>();
  let all = 0;
  let told = 0;

  return (source, time) => {
    const now = Math.floor(time / 60_000);
    // Lines of two logs come out of order: an older minute's are counted in this one.
    if (now > minute) {
      minute = now;
      sources = new Map();
      all = 0;
      told = 0;
    }
    all += 1;
    if (told >= MOST) return isPowerOfTwo(all) ? { kind: "sum", count: all, of: "all" } : undefined;
    const count = (sources.get(source) ?? 0) + 1;
    sources.set(source, count);
    if (count > SINGLE && !isPowerOfTwo(count)) return undefined;
    told += 1;
    return count <= SINGLE ? { kind: "single" } : { kind: "sum", count, of: "source" };
  };
}

/** Why something was refused, as its record says it. @param whose what the meter tells sources by, such as "of this source" */
export const notedWhy = (why: string, noted: Noted, whose: string): string =>
  noted.kind === "single"
    ? why
    : `at least ${noted.count} refusals ${noted.of === "all" ? "of all sources" : whose} in this minute; this one: ${why}`;

const isPowerOfTwo = (count: number) => (count & (count - 1)) === 0;
