/** Characters that are kept of a text: with all of its texts as long an event still fits EventBridge's 256 KB. */
export const MOST_TEXT = 500;
/** Entries that are kept of a list. */
export const MOST_ENTRIES = 20;

/** Keeps an event small, and knows whether it had to. */
export interface Cutter {
  text(value: string): string;
  list<T>(values: readonly T[]): readonly T[];
  hasCut(): boolean;
}

/** A cutter for one event. */
export function eventCutter(): Cutter {
  let cut = false;
  return {
    text(value) {
      const shown = value.toWellFormed();
      if (shown.length <= MOST_TEXT) return shown;
      cut = true;
      return `${shown.slice(0, MOST_TEXT - 1).toWellFormed()}…`;
    },
    list(values) {
      cut ||= values.length > MOST_ENTRIES;
      return values.slice(0, MOST_ENTRIES);
    },
    hasCut: () => cut,
  };
}
