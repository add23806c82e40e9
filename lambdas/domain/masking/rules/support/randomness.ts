/** Whether a text reads as drawn at random rather than as words: what keys do, and names of keys do not. */
export function looksRandom(value: string): boolean {
  const pieces = value.split(/[^A-Za-z0-9]+/).filter((piece) => piece !== "");
  return (
    entropy(value) >= (value.length >= 20 ? 3 : 2.5) && pieces.some((piece) => piece.length >= 6 && isJumble(piece))
  );
}

/** Bits a character (Shannon). Words of one's own language have about as much as hexadecimal keys: it says no, never yes. */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** Letters and digits mixed as no word or version mixes them, capitals within words, or more consonants in a row than a tongue takes. */
function isJumble(piece: string): boolean {
  const changes = piece.match(/[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
  if (changes >= 2) return true;
  if (changes === 1 && /[0-9]{3}/.test(piece) && piece.length >= 8) return true;
  const capitals = piece.match(/[A-Z]/g)?.length ?? 0;
  const camel = piece.match(/[a-z][A-Z]/g)?.length ?? 0;
  if (capitals > 0 && capitals < piece.length && camel >= 2 && piece.length / camel < 5 && capitals * 4 > piece.length)
    return true;
  return piece.length >= 12 && /[bcdfghjklmnpqrstvwxz]{6}/i.test(piece);
}
