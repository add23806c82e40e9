import type { Redirection } from "unbash";
import type { ShellConstruct } from "../../../../lib/config/risks.ts";
import { outputOf } from "./output.ts";
import type { Span } from "./reading.ts";
import { documentOf, resolve, type Variables } from "./word.ts";
import { lastOf } from "./writes.ts";

/** What a command's standard input holds. */
export interface Fed {
  readonly span: Span;
  /** The text; undefined where only a run would tell. */
  readonly text: string | undefined;
  /** What it is to run it. */
  readonly construct?: ShellConstruct;
  /** Set for a here-document or here-string. */
  readonly isDocument?: true;
  /** The name of the file that it is. */
  readonly file?: string;
  /** Whether it is data that a command on another host gets. */
  readonly toHost?: boolean;
}

/** What redirections put there, the last of them; undefined where they leave it as it is. */
export function fedBy(redirections: readonly Redirection[], span: Span, variables: Variables): Fed | undefined {
  const last = redirections.findLast((one) => one.type !== "Redirect" || one.operator.startsWith("<"));
  if (last === undefined) return undefined;
  if (last.type !== "Redirect") {
    const text = documentOf([last], variables);
    return { span, text, isDocument: true, ...(text === undefined ? { construct: "unknown-command" } : {}) };
  }
  const script = last.target?.parts?.find((part) => part.type === "ProcessSubstitution")?.script;
  if (script !== undefined)
    return { span, text: outputOf(script, undefined, variables), construct: "pipe-to-interpreter" };
  const [target = ""] = last.target ? resolve(last.target, variables).words : [];
  // Another descriptor, or a connection: what comes there is not in the script.
  if (last.operator === "<&" || /^\/dev\/(?:tcp|udp)\//.test(target))
    return { span, text: undefined, construct: "pipe-to-interpreter" };
  return { span, text: undefined, file: lastOf(target), toHost: true };
}
