/** A format is repeated for its values: what a script makes long is not written out. */
const LONGEST = 65_536;

/** What `echo` and `printf` print; undefined for any other command, and for formats that are not followed. */
export function printed([program = "", ...rest]: readonly string[]): string | undefined {
  if (program === "echo") {
    const first = rest.findIndex((word) => !/^-[neE]+$/.test(word));
    const options = rest.slice(0, first === -1 ? rest.length : first).join("");
    const text = (first === -1 ? [] : rest.slice(first)).join(" ");
    return options.includes("e") ? unescaped(text) : text;
  }
  if (program !== "printf") return undefined;
  const [format = "", ...values] = rest[0] === "--" ? rest.slice(1) : rest;
  if (/%[^sb%]/.test(format)) return undefined;
  const wanted = format.match(/%[sb]/g)?.length ?? 0;
  // A format is used again until all values are written.
  const times = wanted === 0 ? 1 : Math.max(1, Math.ceil(values.length / wanted));
  if (format.length * times > LONGEST) return undefined;
  let used = 0;
  const next = () => values[used++] ?? "";
  return unescaped(format.repeat(times)).replace(/%([sb%])/g, (_, kind: string) =>
    kind === "%" ? "%" : kind === "b" ? unescaped(next()) : next(),
  );
}

/** The escapes that both know. */
const unescaped = (text: string) =>
  text.replace(
    /\\(?:x([0-9a-f]{1,2})|0?([0-7]{1,3})|([nrt\\]))/gi,
    (_, hex?: string, octal?: string, letter?: string) =>
      hex !== undefined
        ? String.fromCharCode(Number.parseInt(hex, 16))
        : octal !== undefined
          ? String.fromCharCode(Number.parseInt(octal, 8) & 255)
          : ({ n: "\n", r: "\r", t: "\t" }[letter?.toLowerCase() ?? ""] ?? "\\"),
  );
