import { constantsOf, isNode, isTrue, type Node, nameOf, sameText } from "./truth.ts";

const DEEPEST = 60;
/** More rows than this few tables have, so a bound beyond it bounds nothing. */
const BEYOND = 1_000_000;

/**
 * Whether a condition spares next to no row, as far as its form says: `id > -1`, `id is not null`, `id <> 5`,
 * `a or not a`, `id in (select id from the same table)`.
 *
 * @param table the table whose rows it chooses
 */
export function isBroad(condition: unknown, table: string, depth = 0): boolean {
  if (depth > DEEPEST || !isNode(condition)) return false;
  if (isTrue(condition)) return true;
  const [[kind, inner] = ["", undefined]] = Object.entries(condition);
  if (!isNode(inner)) return false;
  switch (kind) {
    case "BoolExpr": {
      const parts: readonly unknown[] = Array.isArray(inner.args) ? inner.args : [];
      const broad = (part: unknown) => isBroad(part, table, depth + 1);
      if (inner.boolop === "NOT_EXPR") return isOneKey(parts[0], table);
      return inner.boolop === "OR_EXPR" ? parts.some(broad) || haveOpposites(parts) : parts.every(broad);
    }
    case "NullTest":
      return inner.nulltesttype === "IS_NOT_NULL" && isKey(inner.arg, table);
    case "A_Expr":
      return comparesBroadly(inner, table);
    case "SubLink":
      return choosesAll(inner, table, depth);
    default:
      return false;
  }
}

function comparesBroadly(node: Node, table: string): boolean {
  const { numbers } = constantsOf(node.rexpr);
  const ofKey = isKey(node.lexpr, table);
  if (node.kind === "AEXPR_BETWEEN") {
    const [low = Number.NaN, high = Number.NaN] = numbers;
    return ofKey && low <= 1 && high >= BEYOND;
  }
  const mirrored = constantsOf(node.lexpr).numbers[0];
  const operator = nameOf(node.name);
  const [bound, side, key] =
    mirrored === undefined
      ? [numbers[0], operator, ofKey]
      : [mirrored, MIRRORED[operator] ?? operator, isKey(node.rexpr, table)];
  if (side === "<>") return key && constantsOf(mirrored === undefined ? node.rexpr : node.lexpr).isConstant;
  if (bound === undefined) return false;
  // Counts, prices and lengths are seldom below zero, so not to be is no choice.
  if (side === ">") return bound < 0 || (key && bound <= 1);
  if (side === ">=") return bound <= 0 || (key && bound <= 1);
  return key && (side === "<" || side === "<=") && bound >= BEYOND;
}
const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/** `in (select id from the table itself)`, `exists (select 1 from anything)`. */
function choosesAll(link: Node, table: string, depth: number): boolean {
  const select = isNode(link.subselect) ? link.subselect.SelectStmt : undefined;
  if (!isNode(select) || select.limitCount !== undefined) return false;
  if (select.whereClause !== undefined && !isBroad(select.whereClause, table, depth + 1)) return false;
  const from: readonly unknown[] = Array.isArray(select.fromClause) ? select.fromClause : [];
  if (link.subLinkType === "EXISTS_SUBLINK") return true;
  return (
    link.subLinkType === "ANY_SUBLINK" &&
    from.length === 1 &&
    isNode(from[0]) &&
    isNode(from[0].RangeVar) &&
    String(from[0].RangeVar.relname).toLowerCase() === table.toLowerCase()
  );
}

/** `a is null or a is not null`, `a = 1 or a <> 1`, `p or not p`. */
function haveOpposites(parts: readonly unknown[]): boolean {
  const said = new Set(parts.slice(0, 100).map((part) => sameText(part)));
  return parts.slice(0, 100).some((part) => oppositesOf(part).some((one) => said.has(sameText(one))));
}

function oppositesOf(part: unknown): readonly unknown[] {
  if (!isNode(part)) return [];
  const negated = isNode(part.BoolExpr) && part.BoolExpr.boolop === "NOT_EXPR" ? part.BoolExpr.args : undefined;
  if (Array.isArray(negated)) return [negated[0]];
  if (isNode(part.NullTest) && part.NullTest.nulltesttype === "IS_NULL")
    return [{ NullTest: { ...part.NullTest, nulltesttype: "IS_NOT_NULL" } }];
  if (!isNode(part.A_Expr) || part.A_Expr.kind !== "AEXPR_OP") return [];
  const opposite = { "=": ["<>"], "<": [">=", ">"], "<=": [">", ">="] }[nameOf(part.A_Expr.name)] ?? [];
  return opposite.map((sval) => ({ A_Expr: { ...(part.A_Expr as Node), name: [{ String: { sval } }] } }));
}

/** `id = 5`: not to be that one row is to be all others. */
const isOneKey = (part: unknown, table: string) =>
  isNode(part) &&
  isNode(part.A_Expr) &&
  nameOf(part.A_Expr.name) === "=" &&
  isKey(part.A_Expr.lexpr, table) &&
  constantsOf(part.A_Expr.rexpr).isConstant;

/** A column by whose name each row has a value of its own: `id`, and `user_id` of `users`. */
function isKey(value: unknown, table: string): boolean {
  const column = isNode(value) && isNode(value.ColumnRef) ? value.ColumnRef.fields : undefined;
  const last: unknown = Array.isArray(column) ? column.at(-1) : undefined;
  const name = isNode(last) && isNode(last.String) ? String(last.String.sval).toLowerCase() : "";
  const one = table.toLowerCase().replace(/s$/, "");
  return (
    /^(?:_?id|uuid|guid|pk|oid|ctid|rowid|_rowid_)$/.test(name) || (one !== "" && name.replace("_", "") === `${one}id`)
  );
}
