/** Keys between two notes of how far it came. */
const CHUNK = 100;

/**
 * Looks at keys one after the other while there is time, and notes how far it came: now and then, and when it ends.
 *
 * @param note is given the last key that was seen
 * @returns whether all were seen
 */
export async function inOrder(
  keys: readonly string[],
  goesOn: () => boolean,
  look: (key: string) => Promise<void>,
  note: (last: string) => Promise<void>,
): Promise<boolean> {
  let seen = 0;
  for (const key of keys) {
    if (!goesOn()) break;
    await look(key);
    seen += 1;
    if (seen % CHUNK === 0) await note(key);
  }
  const last = keys[seen - 1];
  if (last !== undefined && seen % CHUNK !== 0) await note(last);
  return seen === keys.length;
}
