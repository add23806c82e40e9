import { readFileSync } from "node:fs";
import { parseSync } from "vite";

/** A node of the syntax tree; only what is looked at. */
interface Node {
  readonly type: string;
  /** Where it stands in the text. */
  readonly start: number;
  readonly [member: string]: unknown;
}

/** The tests of a file by their whole titles, ` > ` between the groups, each with the rows of its table. */
export type Titles = ReadonlyMap<string, ReadonlySet<string>>;

const known = new Map<string, Titles>();

/** What makes of a test one that need not pass, behind a dot or among its options. */
const NEED_NOT_PASS = ["skip", "todo", "skipIf", "runIf", "fails"];

/** Reads a file's tests from its syntax: nothing of it runs. A test that need not pass is none, nor is one in a group of the kind. */
export function titlesOf(file: string): Titles {
  const found = known.get(file) ?? read(file);
  known.set(file, found);
  return found;
}

function read(file: string): Titles {
  const { program, errors } = parseSync(file, readFileSync(file, "utf8"));
  if (errors.length > 0) throw new Error(`${file} cannot be read`);
  /** Declarations by name, in their order: groups of a file may each have a table of the same name. */
  const tables: Node[] = [];
  walk(program as unknown as Node, (node) => {
    if (node.type === "VariableDeclarator" && isNode(node.id) && isNode(node.init)) tables.push(node);
    return true;
  });
  const titles = new Map<string, Set<string>>();
  const collect = (node: Node, groups: readonly string[]): void =>
    walk(node, (part) => {
      const call = testCall(part);
      if (call === undefined) return true;
      if (call.needNotPass) return false;
      const path = [...groups, call.title];
      if (call.kind === "describe") for (const body of call.rest) collect(body, path);
      else titles.set(path.join(" > "), textsOf(call.table, tables));
      return false;
    });
  collect(program as unknown as Node, []);
  return titles;
}

/** `test("…", …)`, `describe.each(table)("…", …)` and their like. */
function testCall(node: Node) {
  if (node.type !== "CallExpression") return undefined;
  const [first, ...rest] = node.arguments as Node[];
  if (first?.type !== "Literal" || typeof first.value !== "string") return undefined;
  const members: string[] = [];
  let table: Node | undefined;
  let callee = node.callee as Node;
  while (callee.type !== "Identifier") {
    if (callee.type === "CallExpression") {
      table = (callee.arguments as Node[])[0];
      callee = callee.callee as Node;
    } else if (callee.type === "MemberExpression") {
      members.push(String((callee.property as Node).name));
      callee = callee.object as Node;
    } else return undefined;
  }
  const kind = { describe: "describe", test: "test", it: "test" }[String(callee.name)];
  if (kind === undefined) return undefined;
  const options = rest.filter(({ type }) => type === "ObjectExpression").flatMap(keysOf);
  const needNotPass = [...members, ...options].some((word) => NEED_NOT_PASS.includes(word));
  return { kind, title: first.value, table, rest, needNotPass };
}

/** The names that an object in the source has. */
const keysOf = ({ properties }: Node): string[] =>
  (properties as Node[]).map((property) => {
    const { name, value } = (property.key ?? {}) as { readonly name?: unknown; readonly value?: unknown };
    return String(name ?? value);
  });

/** All texts of a table, also of one that stands in a constant. */
function textsOf(table: Node | undefined, tables: readonly Node[]): Set<string> {
  const texts = new Set<string>();
  if (table === undefined) return texts;
  const declared = tables.findLast(
    ({ id, start }) => table.type === "Identifier" && (id as Node).name === table.name && start < table.start,
  );
  walk((declared?.init as Node | undefined) ?? table, ({ type, value }) => {
    if (type === "Literal" && typeof value === "string") texts.add(value);
    return true;
  });
  return texts;
}

/** @param enter says whether to look into a node */
function walk(node: Node, enter: (node: Node) => boolean): void {
  if (!enter(node)) return;
  for (const member of Object.values(node)) for (const child of [member].flat()) if (isNode(child)) walk(child, enter);
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;
