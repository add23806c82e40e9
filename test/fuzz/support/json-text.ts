import fc from "fast-check";
import { type Node, type ParseError, parseTree } from "jsonc-parser";

const blank = fc.constantFrom("", "", "", " ", "\n", "\t \r\n");
const hex = (unit: number) => `\\u${unit.toString(16).padStart(4, "0")}`;

/** Member names that meet each other often, and those that JavaScript knows. */
export const memberName = fc.constantFrom(
  "a",
  "b",
  "a/b",
  "~",
  "",
  "id",
  "method",
  "params",
  "name",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "toJSON",
  "\u017f",
  "é",
  "😀",
);

/** One text as JSON may spell it: every unit raw or escaped, halves of surrogate pairs only escaped. */
const spelled = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.infiniteStream(fc.nat({ max: 3 }))).map(([value, choices]) => {
    let token = '"';
    for (const unit of value.split("")) {
      const code = unit.charCodeAt(0);
      const mustEscape = code < 0x20 || unit === '"' || unit === "\\";
      token += mustEscape || choices.next().value === 0 ? hex(code) : unit;
    }
    return `${token}"`;
  });

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("\ud83d", "\ude00", "x\ud800y", "\\", '"', "\u2028", "\ufeff"),
);

/** Numbers in every form the grammar has, far beyond what doubles hold. */
export const numberToken = fc.oneof(
  fc.constantFrom("0", "-0", "1.0", "9007199254740993", "1e400", "1e-400", "0e999", "0.1", "5e-324", "2.5e-324"),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?$/),
);

/** JSON texts with odd blanks, spellings, repeated names and numbers. Most are JSON that something should refuse. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("null", "true", "false"),
    numberToken,
    spelled(anyText),
    tie("array"),
    tie("object"),
  ),
  array: fc
    .array(fc.tuple(blank, tie("value"), blank), { maxLength: 4 })
    .map((items) => `[${items.map((parts) => parts.join("")).join(",")}]`),
  object: fc
    .array(fc.tuple(blank, spelled(fc.oneof(memberName, anyText)), blank, tie("value"), blank), { maxLength: 5 })
    .map((members) => `{${members.map(([b, name, c, value, d]) => `${b}${name}${c}:${c}${value}${d}`).join(",")}}`),
})).value;

/** Containers in one another, `depth` deep. */
export const nested = fc
  .tuple(fc.array(fc.boolean(), { minLength: 1, maxLength: 90 }), fc.constantFrom("", "1"))
  .map(([shape, core]) => {
    const open = shape.map((isArray) => (isArray ? "[" : '{"a":')).join("");
    const inner = core === "" && shape.at(-1) === false ? "{}" : core;
    return `${open}${inner}${shape
      .toReversed()
      .map((isArray) => (isArray ? "]" : "}"))
      .join("")}`;
  });

/** A text with one place changed: something put in, taken out or doubled. */
export const mutated = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(
      text,
      fc.nat(),
      fc.constantFrom(
        "",
        "",
        ",",
        ":",
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        "0",
        "-",
        "e",
        ".",
        "\u0000",
        "\ufeff",
        "\u00a0",
      ),
      fc.nat({ max: 3 }),
    )
    .map(([original, place, put, removed]) => {
      const at = original.length === 0 ? 0 : place % original.length;
      return original.slice(0, at) + put + original.slice(at + removed);
    });

/**
 * The value of a JSON text, by another parser: JSON.parse of Node 24 misreads escaped member names once it has seen
 * others (nodejs/node#63785).
 */
export function readValue(text: string): unknown {
  const build = (node: Node): unknown => {
    if (node.type === "array") return (node.children ?? []).map(build);
    if (node.type !== "object") return node.value;
    return Object.fromEntries(
      (node.children ?? []).map(({ children: [name, value] = [] }) => [
        name?.value as string,
        value === undefined ? undefined : build(value),
      ]),
    );
  };
  const tree = parseTree(text, [], { disallowComments: true });
  if (tree === undefined) throw new Error("the other parser does not accept it");
  return build(tree);
}

export type Fault = "duplicate_key" | "too_deep" | "unsafe_number" | "lone_surrogate";

/**
 * What is wrong with a text that JSON.parse accepts, found in another way than the product does: from the tree of
 * another parser, and with whole numbers of any size.
 */
export function faultsOf(text: string, depth: number): Set<Fault> {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  if (tree === undefined || errors.length > 0) throw new Error("the other parser does not accept it");
  const faults = new Set<Fault>();
  const visit = (node: Node, level: number): void => {
    if (node.type === "object" || node.type === "array") {
      if (level > depth) faults.add("too_deep");
      const names = (node.children ?? []).map((child) => child.children?.[0]?.value as string);
      if (node.type === "object" && new Set(names).size < names.length) faults.add("duplicate_key");
    }
    if (node.type === "string" && !(node.value as string).isWellFormed()) faults.add("lone_surrogate");
    if (node.type === "number" && !isExact(text.slice(node.offset, node.offset + node.length)))
      faults.add("unsafe_number");
    const inner = node.type === "property" ? level : level + 1;
    for (const child of node.children ?? []) visit(child, inner);
  };
  visit(tree, 1);
  return faults;
}

/** Whether a number's value is the one that JavaScript writes for its double. */
function isExact(source: string): boolean {
  const value = Number(source);
  if (!Number.isFinite(value)) return false;
  const [one, other] = [fractionOf(source), fractionOf(String(value))];
  if (one.digits === 0n || other.digits === 0n) return one.digits === other.digits;
  const apart = one.power - other.power;
  if (Math.abs(apart) > 2000) return false;
  const raised = (digits: bigint, by: number) => digits * 10n ** BigInt(Math.max(0, by));
  return raised(one.digits, apart) === raised(other.digits, -apart);
}

function fractionOf(source: string): { digits: bigint; power: number } {
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    source.match(/^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/) ?? [];
  const digits = BigInt(whole + fraction);
  return { digits: sign === "-" ? -digits : digits, power: Number(exponent) - fraction.length };
}
