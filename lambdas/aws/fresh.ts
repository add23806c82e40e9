/**
 * Keeps a fetched value for a while. Callers that come together share one fetch, and a failed fetch is not kept.
 *
 * @param fetch gets the value
 * @param lifetime milliseconds that a value is kept
 */
export function fresh<T>(fetch: () => Promise<T>, lifetime: number, now: () => number = Date.now): () => Promise<T> {
  let kept: { readonly value: Promise<T>; readonly until: number } | undefined;
  return () => {
    if (kept === undefined || now() >= kept.until) {
      const value = fetch();
      const entry = { value, until: now() + lifetime };
      kept = entry;
      value.catch(() => {
        if (kept === entry) kept = undefined;
      });
    }
    return kept.value;
  };
}
