/**
 * Where characters of a decoded string stand in its source, so that only they are replaced there.
 *
 * @param source the text that holds the string's token
 * @param content offset of its first character, after the opening quote
 * @param escaped whether the token holds a backslash
 * @returns a function from an index of the decoded string to an offset of the source; indexes must not decrease
 */
export function sourceOffsets(source: string, content: number, escaped: boolean): (index: number) => number {
  if (!escaped) return (index) => content + index;
  let at = content;
  let decoded = 0;
  return (index) => {
    while (decoded < index) {
      // JSON has escapes of two characters, and `\uXXXX`; each stands for one UTF-16 unit.
      at += source.charCodeAt(at) !== 0x5c ? 1 : source.charCodeAt(at + 1) === 0x75 ? 6 : 2;
      decoded += 1;
    }
    return at;
  };
}
