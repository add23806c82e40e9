import { walk } from "../json/walk.ts";
import { isJson } from "./is-json.ts";

/** What the copy shows where a text was that somebody named. */
export const QUARANTINED = "QUARANTINED";

/** A shorter form stands in honest code by chance. */
const SHORTEST_FORM = 8;
const ENCODINGS = ["utf8", "latin1", "utf16le"] as const;

/**
 * Where a text stands in a body after all: plainly where masking leaves values alone, or within base64 or hexadecimal
 * digits, wherever those begin. Looks by other means than masking, which would miss twice what it missed once.
 *
 * @returns JSON pointers, of a member whose name it is that of the object; one empty pointer for a body that is not JSON
 */
export function placesOf(body: string, missed: readonly string[]): readonly string[] {
  const forms = missed.map(formsOf);
  const holds = (value: string) => {
    const lower = value.toLowerCase();
    const code = value.replaceAll(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/");
    return forms.some(
      ({ plain, base64, hex }) =>
        plain.some((form) => value.includes(form)) ||
        base64.some((form) => code.includes(form)) ||
        hex.some((form) => lower.includes(form)),
    );
  };
  if (!isJson(body)) return holds(body) ? [""] : [];
  const places = new Set<string>();
  const parentOf = (pointer: string) => pointer.slice(0, pointer.lastIndexOf("/"));
  walk(body, {
    key: (name, path) => {
      if (holds(name)) places.add(parentOf(path.pointer()));
    },
    leaf: ({ kind, offset, length }, path) => {
      const source = body.slice(offset, offset + length);
      if (holds(kind === "string" ? (JSON.parse(source) as string) : source)) places.add(path.pointer());
    },
  });
  // A name on the way may tell it.
  const told = (pointer: string): string => (holds(pointer) ? told(parentOf(pointer)) : pointer);
  return [...new Set([...places].map(told))];
}

function formsOf(text: string) {
  const bytes = ENCODINGS.map((encoding) => Buffer.from(text, encoding));
  const long = (forms: readonly string[]) => forms.filter(({ length }) => length >= SHORTEST_FORM);
  return {
    plain: [text, JSON.stringify(text).slice(1, -1)],
    base64: long([...new Set(bytes.flatMap(base64Of))]),
    hex: long(bytes.map((all) => all.toString("hex"))),
  };
}

/** What base64 surely shows of bytes that begin at any of the three places of its groups. */
const base64Of = (bytes: Buffer): string[] =>
  [0, 1, 2].map((before) => {
    const code = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replaceAll("=", "");
    const bits = (before + bytes.length) * 8;
    // The first letters, and the last one of a group that is not full, hold bits of what stands beside.
    return code.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
  });
