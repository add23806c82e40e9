import type { StatementKind } from "../../../../lib/config/risks.ts";
import { isBroad } from "./broad.ts";
import { NAMED, wordsOfName } from "./names.ts";
import { isAlwaysTrue, isNode, type Node } from "./truth.ts";

/** What a tree of PostgreSQL's parser does, and the texts in it that run as statements in their turn. */
export interface TreeReading {
  readonly kinds: readonly StatementKind[];
  readonly bodies: readonly string[];
}

/** Statements that are what they are, whatever they hold. */
const BY_NODE: Readonly<Record<string, StatementKind>> = {
  DropStmt: "drop",
  DropdbStmt: "drop",
  DropTableSpaceStmt: "drop",
  DropOwnedStmt: "drop",
  DropSubscriptionStmt: "drop",
  DropUserMappingStmt: "drop",
  TruncateStmt: "truncate",
  GrantStmt: "grant",
  GrantRoleStmt: "grant",
  AlterDefaultPrivilegesStmt: "grant",
  AlterOwnerStmt: "grant",
  CreatePolicyStmt: "grant",
  AlterPolicyStmt: "grant",
  CreateRoleStmt: "role",
  AlterRoleStmt: "role",
  AlterRoleSetStmt: "role",
  DropRoleStmt: "role",
  ReassignOwnedStmt: "role",
  DoStmt: "run-code",
  CreateFunctionStmt: "run-code",
  CreatePLangStmt: "run-code",
  CreateExtensionStmt: "run-code",
  CreateEventTrigStmt: "run-code",
  LoadStmt: "run-program",
  AlterSystemStmt: "change-server",
  CreateForeignServerStmt: "network",
  CreateSubscriptionStmt: "network",
  CreatePublicationStmt: "network",
};

/** Without recursion: a tree is as deep as its text makes it. */
export function readTree(tree: unknown): TreeReading {
  const kinds = new Set<StatementKind>();
  const bodies: string[] = [];
  const open: unknown[] = [tree];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (Array.isArray(at)) open.push(...at);
    else if (typeof at === "object" && at !== null)
      for (const [name, value] of Object.entries(at)) {
        const kind = Object.hasOwn(BY_NODE, name) ? BY_NODE[name] : undefined;
        if (kind) kinds.add(kind);
        if (name === "DoStmt" || name === "CreateFunctionStmt") bodies.push(...stringsIn(value));
        for (const found of kindsOf(name, (value ?? {}) as Node)) kinds.add(found);
        if (typeof value === "object" && value !== null) open.push(value);
      }
  }
  return { kinds: [...kinds], bodies };
}

function kindsOf(name: string, node: Node): readonly StatementKind[] {
  switch (name) {
    case "DeleteStmt":
      return choosesAll(node) ? ["delete-without-where"] : [];
    case "UpdateStmt":
      return choosesAll(node) ? ["update-without-where"] : [];
    case "MergeWhenClause":
      return node.commandType === "CMD_DELETE" && !node.condition ? ["delete-without-where"] : [];
    case "AlterTableCmd": {
      const subtype = String(node.subtype);
      if (subtype === "AT_DropColumn") return ["drop"];
      if (subtype === "AT_ChangeOwner") return ["grant"];
      return /^AT_(?:Disable|NoForceRowSecurity)/.test(subtype) ? ["stop-logging"] : [];
    }
    case "CopyStmt":
      if (node.is_program) return ["run-program"];
      return node.filename === undefined ? [] : [node.is_from ? "read-file" : "write-file"];
    case "VariableSetStmt":
      return /^(?:log_|pgaudit|session_replication_role|row_security)/i.test(String(node.name)) ? ["stop-logging"] : [];
    case "FuncCall":
    case "funccall":
    case "RangeVar":
      return NAMED.filter(([pattern]) => nameOf(name, node).some((one) => pattern.test(one))).map(([, kind]) => kind);
    default:
      return [];
  }
}

function choosesAll({ whereClause, relation }: Node): boolean {
  const table = isNode(relation) ? String(relation.relname) : "";
  return whereClause === undefined || isAlwaysTrue(whereClause) || isBroad(whereClause, table);
}

function nameOf(kind: string, node: Node): readonly string[] {
  if (kind === "RangeVar") return [String(node.relname), `${String(node.schemaname)}.${String(node.relname)}`];
  const parts = Array.isArray(node.funcname) ? node.funcname : [];
  const last = (parts.at(-1) as { String?: { sval?: string } } | undefined)?.String?.sval;
  return last === undefined ? [] : [`${last}()`, `${wordsOfName(last)}()`];
}

function stringsIn(value: unknown): readonly string[] {
  const found: string[] = [];
  const open = [value];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at !== "object" || at === null) continue;
    for (const [name, inner] of Object.entries(at)) {
      if (name === "sval" && typeof inner === "string") found.push(inner);
      else open.push(inner);
    }
  }
  return found;
}
