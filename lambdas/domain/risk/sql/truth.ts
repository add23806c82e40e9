/** A node of PostgreSQL's tree: `{ A_Const: { … } }`, or what stands inside. */
export type Node = Readonly<Record<string, unknown>>;

/** Whether a condition holds for every row by its form alone: `1=1`, `id = id`, `true or x`, `name like '%'`. */
export function isAlwaysTrue(condition: unknown): boolean {
  const known = truth(condition, 0);
  // What names no column is the same for every row.
  return known ?? !JSON.stringify(condition).includes('"ColumnRef"');
}

/** Whether a condition is true by its form alone. */
export const isTrue = (condition: unknown): boolean => truth(condition, 0) === true;

const DEEPEST = 100;

/** True, false, or undefined where it depends on the row. */
function truth(condition: unknown, depth: number): boolean | undefined {
  if (depth > DEEPEST || !isNode(condition)) return undefined;
  const [[kind, inner] = ["", undefined]] = Object.entries(condition);
  if (!isNode(inner)) return undefined;
  switch (kind) {
    case "A_Const":
      if (isNode(inner.boolval)) return inner.boolval.boolval === true;
      if (isNode(inner.ival)) return (inner.ival.ival ?? 0) !== 0;
      if (isNode(inner.sval)) return /^(?:t|true|y|yes|on|1)$/i.test(String(inner.sval.sval));
      return undefined;
    case "TypeCast":
      return truth(inner.arg, depth + 1);
    case "BoolExpr": {
      const parts = (Array.isArray(inner.args) ? inner.args : []).map((part) => truth(part, depth + 1));
      if (inner.boolop === "NOT_EXPR") return parts[0] === undefined ? undefined : !parts[0];
      if (inner.boolop === "OR_EXPR") return parts.includes(true) ? true : undefined;
      return parts.every((part) => part === true) ? true : parts.includes(false) ? false : undefined;
    }
    case "NullTest":
      return inner.nulltesttype === "IS_NOT_NULL" && isNode(inner.arg) && "A_Const" in inner.arg ? true : undefined;
    case "A_Expr":
      return comparison(inner);
    default:
      return undefined;
  }
}

function comparison(node: Node): boolean | undefined {
  const operator = nameOf(node.name);
  const [left, right] = [sameText(node.lexpr), sameText(node.rexpr)];
  if (node.kind === "AEXPR_LIKE" || node.kind === "AEXPR_ILIKE")
    return /^[~*]+$/.test(operator) && /^%+$/.test(textOf(node.rexpr) ?? "") ? true : undefined;
  if (left === right && !left.includes("FuncCall") && /^(?:=|<=|>=)$/.test(operator)) return true;
  const [a, b] = [numberOf(node.lexpr), numberOf(node.rexpr)];
  if (a !== undefined && b !== undefined)
    switch (operator) {
      case "=":
        return a === b;
      case "<>":
        return a !== b;
      case "<":
        return a < b;
      case ">":
        return a > b;
      case "<=":
        return a <= b;
      case ">=":
        return a >= b;
    }
  const [s, t] = [textOf(node.lexpr), textOf(node.rexpr)];
  if (s !== undefined && t !== undefined && operator === "<>") return s !== t;
  return undefined;
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const constantOf = (value: unknown) => (isNode(value) && isNode(value.A_Const) ? value.A_Const : undefined);

function numberOf(value: unknown): number | undefined {
  const constant = constantOf(value);
  if (isNode(constant?.ival)) return Number(constant.ival.ival ?? 0);
  return isNode(constant?.fval) ? Number(constant.fval.fval) : undefined;
}

function textOf(value: unknown): string | undefined {
  const constant = constantOf(value);
  return isNode(constant?.sval) ? String(constant.sval.sval ?? "") : undefined;
}

/** The constants that an operand is: one, or the items of a list. */
export function constantsOf(value: unknown): { readonly isConstant: boolean; readonly numbers: readonly number[] } {
  const list = isNode(value) && isNode(value.List) && Array.isArray(value.List.items) ? value.List.items : [value];
  const numbers = list.slice(0, 2).flatMap((item: unknown) => numberOf(item) ?? []);
  return { isConstant: constantOf(value) !== undefined, numbers };
}

export const nameOf = (name: unknown) =>
  Array.isArray(name) && isNode(name[0]) && isNode(name[0].String) ? String(name[0].String.sval) : "";

/** The same but for where it stands. */
export const sameText = (value: unknown) =>
  JSON.stringify(value, (key, inner: unknown) => (key === "location" ? undefined : inner)) ?? "";
