import type { Json } from "../json/json.ts";
import { pointerOf } from "../json/path.ts";
import { kindOf, type SplitCommand } from "./candidates.ts";

/** A command that a tool's name begins: `kubectl_delete` with its arguments, `run_gcloud_command` with `args`. */
export interface ToolCommands {
  readonly words: readonly SplitCommand[];
  /** `named`: whether the argument's own name says that it is a command. */
  readonly texts: readonly { readonly pointer: string; readonly text: string; readonly named: boolean }[];
}

const NOTHING: ToolCommands = { words: [], texts: [] };
const VERBS = /^(?:run|execute|exec|call|invoke|use)$/;
const GENERIC = /^(?:command|commands|cmd|cli|tool|generic|raw)$/;
const LONGEST_WORD = 200;
const LONGEST_TEXT = 65_536;
const MOST_MEMBERS = 100;

/**
 * Tools that are a program by another name leave it out of their arguments: `{ "command": "destroy" }` of a tool named
 * `terraform` is `terraform destroy`.
 *
 * @param programs names of programs that take a command of their own, as `git push`
 */
export function toolCommandsOf(
  name: readonly string[],
  args: Json | undefined,
  programs: ReadonlySet<string>,
): ToolCommands {
  const at = VERBS.test(name[0] ?? "") ? 1 : 0;
  const program = name[at] ?? "";
  if (!programs.has(program)) return NOTHING;
  const prefix = [program, ...name.slice(at + 1).filter((word) => !GENERIC.test(word))];
  const members = typeof args === "object" && args !== null && !Array.isArray(args) ? Object.entries(args) : [];
  const plain: string[] = [];
  const words: SplitCommand[] = [];
  const texts: { pointer: string; text: string; named: boolean }[] = [];
  for (const [member, value] of members.slice(0, MOST_MEMBERS)) {
    const pointer = pointerOf([member]);
    const kind = kindOf(member);
    if (kind === "prose") continue;
    if (Array.isArray(value) && value.length < 1000 && value.every((word) => typeof word === "string"))
      words.push({ pointer, words: [...(value[0] === program ? [] : prefix), ...value] });
    if (typeof value !== "string" || value.length > LONGEST_TEXT) continue;
    if (kind === "shell" || /\s/.test(value))
      texts.push({
        pointer,
        named: kind === "shell",
        text: value.trimStart().startsWith(`${program} `) ? value : `${prefix.join(" ")} ${value}`,
      });
    else if (value.length <= LONGEST_WORD) plain.push(value);
  }
  return { words: [{ pointer: "", words: [...prefix, ...plain] }, ...words], texts };
}
