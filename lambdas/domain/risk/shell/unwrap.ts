import { baseName } from "./command-pattern.ts";

/** What a command runs in its turn: another command, or a text that a shell or a database reads. */
export type Inner =
  | { readonly kind: "command"; readonly words: readonly string[] }
  | { readonly kind: "script"; readonly text: string }
  | { readonly kind: "sql"; readonly text: string };

/** Programs that run the command behind them: their options that take a value, and how many operands come first. */
const WRAPPERS: Readonly<Record<string, { readonly values?: string; readonly operands?: number }>> = {
  sudo: { values: "ughpCDRTUrt" },
  doas: { values: "uC" },
  env: { values: "uC" },
  command: {},
  builtin: {},
  exec: { values: "a" },
  nohup: {},
  nice: { values: "n" },
  ionice: { values: "cnp" },
  time: { values: "fo" },
  timeout: { values: "ks", operands: 1 },
  stdbuf: { values: "ioe" },
  setsid: {},
  xargs: { values: "InPLdEsa" },
  parallel: { values: "jIn" },
  busybox: {},
  toybox: {},
  chroot: { operands: 1 },
  unshare: {},
  nsenter: { values: "t" },
  watch: { values: "n" },
  strace: { values: "eop" },
  flock: { values: "wE", operands: 1 },
  chronic: {},
  caffeinate: { values: "tw" },
};
const SHELLS = /^(?:(?:ba|z|da|k|a|fi|c|tc)?sh|pwsh|powershell|cmd)$/;
const INTERPRETERS =
  /^(?:(?:ba|z|da|k|a|fi|c|tc)?sh|pwsh|powershell|iex|invoke-expression|python[\d.]*|perl|ruby|node|php|lua|osascript|deno|bun)$/;
const SSH_VALUES = "bcDEeFIiJLlmOopQRSWw";
const SQL_CLIENTS: Readonly<Record<string, readonly string[]>> = {
  psql: ["-c", "--command"],
  mysql: ["-e", "--execute"],
  mariadb: ["-e", "--execute"],
  sqlcmd: ["-Q", "-q"],
  duckdb: ["-c", "-s"],
  clickhouse: ["-q", "--query"],
  "clickhouse-client": ["-q", "--query"],
  snowsql: ["-q"],
  cqlsh: ["-e"],
};

export const isShell = (program: string): boolean => SHELLS.test(baseName(program));

export const isInterpreter = (program: string): boolean => INTERPRETERS.test(baseName(program));

/** Whether it is a client of a database, which reads statements from its standard input. */
export const readsSql = ([program = ""]: readonly string[]): boolean => {
  const name = baseName(program);
  return name === "sqlite3" || Object.hasOwn(SQL_CLIENTS, name);
};

/** Whether it runs what it reads from its standard input: `sh`, `bash -s`, `python -`, `ssh host`, `make -f -`. */
export function runsItsInput(words: readonly string[]): boolean {
  const [program = "", ...rest] = words;
  const name = baseName(program);
  if (name === "make") return /^(?:-|\/dev\/stdin)$/.test(valueAfter(rest, ["-f", "--file", "--makefile"]) ?? "");
  if (name !== "ssh") return interpretsItsInput(words);
  const remote = behind(rest, SSH_VALUES, 1);
  return rest.length > 0 && (remote.length === 0 || interpretsItsInput(remote.join(" ").split(/\s+/)));
}

const interpretsItsInput = ([program = "", ...rest]: readonly string[]): boolean =>
  INTERPRETERS.test(baseName(program)) &&
  !rest.some((word) => /^(?:-[a-zA-Z]*[ce][a-zA-Z]*|--eval|--print|--command)$/.test(word)) &&
  (rest.every((word) => word.startsWith("-") || word.startsWith("/dev/stdin")) || rest.includes("-s"));

/** What the words run behind themselves. */
export function innerOf(words: readonly string[]): readonly Inner[] {
  const [program = "", ...rest] = words;
  const name = baseName(program);
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (wrapper) {
    if (name === "command" && /^-[vV]/.test(rest[0] ?? "")) return [];
    const split = name === "env" ? valueAfter(rest, ["-S", "--split-string"]) : undefined;
    if (split !== undefined) return [script(split)];
    const inner = behind(rest, wrapper.values ?? "", wrapper.operands ?? 0);
    // `watch 'rm -rf /'` hands its one word to a shell.
    return [inner.length === 1 && inner[0]?.includes(" ") ? script(inner[0]) : command(inner)];
  }
  if (SHELLS.test(name)) return ofShell(rest);
  switch (name) {
    case "eval":
    case "iex":
    case "invoke-expression":
      return [script(rest.join(" "))];
    case "trap":
      return [script(rest[0] ?? "")];
    case "alias":
      return rest.map((word) => script(word.slice(word.indexOf("=") + 1)));
    case "su":
    case "runuser":
    case "script":
      return [valueAfter(rest, ["-c", "--command"])].flatMap((text) => (text === undefined ? [] : [script(text)]));
    case "ssh":
      return [script(behind(rest, SSH_VALUES, 1).join(" "))];
    case "find":
    case "fd":
      return executedBy(rest);
    case "docker":
    case "podman":
    case "nerdctl":
      return ofContainer(rest);
    case "kubectl":
    case "oc":
    case "npx":
    case "npm":
      return rest.includes("--") ? [command(rest.slice(rest.indexOf("--") + 1))] : [];
    case "vi":
    case "vim":
    case "nvim":
    case "view":
    case "ex":
      return [...rest.filter((word) => word.startsWith("+")), ...valuesAfter(rest, /^(?:-c|--cmd)$/)].flatMap(
        (text) => {
          const at = text.indexOf("!");
          return at === -1 ? [] : [script(text.slice(at + 1))];
        },
      );
    case "sqlite3":
      return rest
        .filter((word) => !word.startsWith("-"))
        .slice(1)
        .map(sql);
    default: {
      const options = Object.hasOwn(SQL_CLIENTS, name) ? SQL_CLIENTS[name] : undefined;
      const text = options && valueAfter(rest, options);
      return text === undefined ? [] : [sql(text)];
    }
  }
}

const command = (words: readonly string[]): Inner => ({ kind: "command", words });
const script = (text: string): Inner => ({ kind: "script", text });
const sql = (text: string): Inner => ({ kind: "sql", text });

/** What is left behind options, their values, assignments and so many operands. */
function behind(words: readonly string[], values: string, operands: number): readonly string[] {
  let left = operands;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "--") continue;
    if (word.startsWith("-")) {
      if (word.length === 2 && values.includes(word[1] ?? "")) at += 1;
      continue;
    }
    if (/^[A-Za-z_]\w*=/.test(word)) continue;
    if (left === 0) return words.slice(at);
    left -= 1;
  }
  return [];
}

/** `bash -lc '…'`, `cmd /c …`, `pwsh -Command …`. */
function ofShell(words: readonly string[]): readonly Inner[] {
  const at = words.findIndex((word) => /^(?:-[a-z]*c[a-z]*|-command|\/[ck])$/i.test(word));
  if (at === -1) return [];
  const text = words[at] ?? "";
  return [script(/^-[a-z]*c[a-z]*$/.test(text) ? (words[at + 1] ?? "") : words.slice(at + 1).join(" "))];
}

function executedBy(words: readonly string[]): readonly Inner[] {
  const found: Inner[] = [];
  words.forEach((word, at) => {
    if (!/^(?:-exec|-execdir|-ok|-okdir|-x|-X|--exec)$/.test(word)) return;
    const end = words.findIndex((other, later) => later > at && /^[;+]$/.test(other));
    found.push(command(words.slice(at + 1, end === -1 ? undefined : end)));
  });
  return found;
}

/** `docker exec -it name sh -c …`: what follows the container's or image's name. */
function ofContainer(words: readonly string[]): readonly Inner[] {
  const at = words.findIndex((word) => word === "exec" || word === "run");
  return at === -1 ? [] : [command(behind(words.slice(at + 1), "euwvpl", 1))];
}

const valuesAfter = (words: readonly string[], option: RegExp) =>
  words.flatMap((word, at) => (option.test(word) ? [words[at + 1] ?? ""] : []));

function valueAfter(words: readonly string[], options: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    const option = options.find((one) => word === one || (one.startsWith("--") ? word.startsWith(`${one}=`) : false));
    if (option !== undefined) return word === option ? words[at + 1] : word.slice(option.length + 1);
    const short = options.find((one) => one.length === 2 && word.startsWith(one));
    if (short !== undefined) return word.slice(2);
  }
  return undefined;
}
