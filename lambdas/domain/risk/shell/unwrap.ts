import { baseName } from "./command-pattern.ts";
import { inContainer, inPod } from "./containers.ts";
import { isShell, SSH_OPTIONS, scriptOf } from "./interpreters.ts";
import { behind, placesBehind, valuesOf } from "./options.ts";
import { statementsOf } from "./sql-clients.ts";
import { WRAPPERS, type Wrapper } from "./wrappers.ts";

/** What a command runs in its turn: another command, or a text that a shell or a database reads. */
export type Inner =
  | {
      readonly kind: "command";
      readonly words: readonly string[];
      /** Set where the program may stand elsewhere: no reason to wonder at a word that only a run would tell. */
      readonly guessed?: boolean;
    }
  | { readonly kind: "script"; readonly text: string }
  | { readonly kind: "sql"; readonly text: string }
  /** More than is looked at. */
  | { readonly kind: "unread" };

const MOST_EXECUTED = 50;
/** So many words behind its name may be the program, where options are not told from it. */
const MOST_GUESSED = 30;
/** Take files, or texts, behind `--`. */
const KNOWN_DASHES: ReadonlySet<string> = new Set(
  (
    "git grep egrep fgrep zgrep rg ag echo printf set ls cat cp mv rm touch mkdir cd test [ diff sed less head tail sort wc stat " +
    "npm yarn export declare read man which type tee chmod chown basename dirname curl wget jq pytest eslint tsc go cargo make node python python3"
  ).split(" "),
);
const SU_OPTIONS = {
  values: "cCgGsuwT",
  long: "command session-command group supp-group shell user whitelist-environment",
};
/** Their `exec` or `run` is followed by a command, and by so many operands before it. */
const RUNNERS: ReadonlyMap<string, number> = new Map([
  ...["poetry", "pipenv", "uv", "bundle", "pnpm", "mise", "rye", "pdm", "hatch", "rtx", "rbenv", "pyenv"].map(
    (name): [string, number] => [name, 0],
  ),
  ...["lxc", "incus", "multipass", "crictl", "aws-vault", "direnv", "nomad", "heroku"].map((name): [string, number] => [
    name,
    1,
  ]),
  ["conda", 0],
  ["mamba", 0],
]);

/** What the words run behind themselves. */
export function innerOf(words: readonly string[]): readonly Inner[] {
  const [program = "", ...rest] = words;
  const name = baseName(program);
  const wrapper = WRAPPERS.get(name);
  if (wrapper) return wrappedBy(wrapper, name, rest);
  if (isShell(name)) return texts([scriptOf(name, rest) ?? ""]);
  switch (name) {
    case "eval":
    case "iex":
    case "invoke-expression":
      return [script(rest.join(" "))];
    case "trap":
      return [script(rest.find((word) => word !== "--") ?? "")];
    case "alias":
      return rest.map((word) => script(word.slice(word.indexOf("=") + 1)));
    case "su":
    case "sg":
    case "runuser":
      return [
        ...texts(valuesOf(rest, "-c --command --session-command", SU_OPTIONS)),
        ...commands(name === "sg" ? [] : behind(rest, SU_OPTIONS, name === "su" ? 1 : 0)),
      ];
    case "script":
      return [...texts(valuesOf(rest, "-c --command", { values: "cIOBTmEo" })), ...commands(behind(rest, {}, 1))];
    case "ssh":
    case "autossh":
      return behind(rest, SSH_OPTIONS, 1).map((remote) => script(remote.join(" ")));
    case "find":
    case "fd":
    case "fdfind":
      return executedBy(rest);
    case "docker":
    case "podman":
    case "nerdctl":
    case "docker-compose":
    case "podman-compose":
    case "buildah":
      return commands(inContainer(rest));
    case "kubectl":
    case "oc":
      return commands(inPod(rest));
    case "git":
      return [
        ...texts(rest.includes("rebase") ? valuesOf(rest, "-x --exec", { values: "x" }) : []),
        ...(rest[0] === "bisect" && rest[1] === "run" ? commands([rest.slice(2)]) : []),
        ...(rest[0] === "submodule" && rest[1] === "foreach"
          ? behind(rest.slice(2), {}, 0).map((words) => script(words.join(" ")))
          : []),
      ];
    case "npx":
    case "npm":
      return [
        ...texts(valuesOf(rest, "-c --call", {})),
        ...(rest.includes("--") ? commands([rest.slice(rest.indexOf("--") + 1)]) : []),
      ];
    case "vi":
    case "vim":
    case "nvim":
    case "view":
    case "ex":
      return [...rest.filter((word) => word.startsWith("+")), ...valuesOf(rest, "-c --cmd", { values: "c" })].flatMap(
        (text) => {
          const at = text.indexOf("!");
          return at === -1 ? [] : [script(text.slice(at + 1))];
        },
      );
    default:
      return [...ofClient(words), ...ofRunner(name, rest)];
  }
}

const command = (words: readonly string[], guessed: boolean): Inner => ({ kind: "command", words, guessed });
const script = (text: string): Inner => ({ kind: "script", text });
const commands = (places: readonly (readonly string[])[]): readonly Inner[] =>
  places.map((words) => command(words, places.length > 1));
const texts = (all: readonly string[]): readonly Inner[] => all.filter((text) => text !== "").map(script);

function wrappedBy(wrapper: Wrapper, name: string, rest: readonly string[]): readonly Inner[] {
  if (name === "command" && /^-[vV]/.test(rest[0] ?? "")) return [];
  const told = wrapper.scripts === undefined ? [] : valuesOf(rest, wrapper.scripts, wrapper);
  const { places, more } = wrapper.anywhere ? anywhere(rest) : placesBehind(rest, wrapper, wrapper.operands ?? 0);
  const inner = places.flatMap((at): readonly Inner[] => {
    const words = rest.slice(at);
    // `watch 'rm -rf /'` hands its one word to a shell.
    if (words.length === 1 && words[0]?.includes(" ")) return [script(words[0])];
    const run = command(words, places.length > 1);
    return wrapper.joins ? [script(words.join(" ")), run] : [run];
  });
  // `parallel ::: 'rm -rf /'`
  const lists = name === "parallel" && rest.includes(":::") ? rest.slice(rest.indexOf(":::") + 1) : [];
  const listed = lists.filter((word) => word.includes(" ")).slice(0, MOST_EXECUTED);
  return [...texts(told), ...inner, ...texts(listed), ...(more ? [{ kind: "unread" } as const] : [])];
}

/** Each word that is no option, of the first. */
function anywhere(words: readonly string[]) {
  const places = [...words.keys()].filter((at) => !words[at]?.startsWith("-"));
  return { places: places.slice(0, MOST_GUESSED), more: false };
}

/** A database's client: statements, and what it hands to a shell. */
function ofClient(words: readonly string[]): readonly Inner[] {
  return statementsOf(words).flatMap((text): readonly Inner[] => {
    const [, shell] = /^\s*(?:\\!|\.(?:shell|system)\s|system\s)([\s\S]*)/.exec(text) ?? [];
    if (shell !== undefined) return [script(shell)];
    return [{ kind: "sql", text }];
  });
}

/** `poetry run sh`, `lxc exec name sh`, `gcloud compute ssh name --command sh`; behind two dashes, of a program that nobody knows. */
function ofRunner(name: string, rest: readonly string[]): readonly Inner[] {
  const remote = rest.slice(0, 4).includes("ssh")
    ? texts(valuesOf(rest, "--command -c -C --ssh-command", { values: "cC" }))
    : [];
  const dashes = KNOWN_DASHES.has(name) ? -1 : rest.indexOf("--");
  if (dashes !== -1) return [...remote, command(rest.slice(dashes + 1), true)];
  const at = rest.findIndex((word) => word === "exec" || word === "run" || word === "shell");
  const operands = RUNNERS.get(name);
  if (at === -1 || (operands === undefined && rest[at] !== "exec")) return remote;
  const options = { values: "npe" };
  const found = [operands ?? 0, ...(operands === undefined ? [1] : [])].flatMap((count) =>
    behind(rest.slice(at + 1), options, count),
  );
  return [...remote, ...found.map((words) => command(words, true))];
}

function executedBy(words: readonly string[]): readonly Inner[] {
  const found: Inner[] = [];
  for (let at = 0; at < words.length; at += 1) {
    if (!/^(?:-exec|-execdir|-ok|-okdir|-x|-X|--exec|--exec-batch)$/.test(words[at] ?? "")) continue;
    if (found.length >= MOST_EXECUTED) return [...found, { kind: "unread" }];
    const end = words.findIndex((other, later) => later > at && /^[;+]$/.test(other));
    found.push(command(words.slice(at + 1, end === -1 ? undefined : end), false));
  }
  return found;
}
