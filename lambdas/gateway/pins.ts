import type { PinsConfig } from "../../lib/config/pins.ts";
import type { Era, KeptDefinition, PinKey, PinRow, PinsTable } from "../aws/pins-table.ts";
import type { JsonObject } from "../domain/mcp/message.ts";
import { Remembered } from "../domain/remembered.ts";

/** Milliseconds that an environment trusts what it read: so long a change, or its acceptance, may take to be heard of. */
export const PINS_KEPT = 60_000;
/** Pins, and servers, that an environment remembers. */
const MOST_REMEMBERED = 500;

/** What is pinned of a tool, and whether its server says otherwise by now. */
export interface Pin {
  /** Digest of the definition that counts: what the server last said. */
  readonly digest: string;
  readonly changed: boolean;
  /** The definition that may be shown; undefined when it is too large to keep, or was never seen. */
  readonly definition: JsonObject | undefined;
  /** What the server said last. */
  readonly latest: JsonObject | undefined;
}

/** Pins as an environment of the gateway knows them. */
export interface Pins {
  readonly table: PinsTable;
  /** The pin of a tool; undefined when its server never listed it. */
  of(key: PinKey): Promise<Pin | undefined>;
  /** The tool's definition as it is pinned, for whoever wants its schemas while a call runs. */
  definitionOf(server: string, era: Era, tool: string): Promise<JsonObject | undefined>;
  /**
   * The rows of a server's tools, by name.
   * @param again reads them although they are remembered
   */
  rows(server: string, era: Era, again?: boolean): Promise<Map<string, PinRow>>;
  /** Digests that `config/pins.json` allows a tool: none for one that it does not know, undefined for servers that it does not name. */
  fixed(server: string, tool: string): readonly string[] | undefined;
  /** Lets a session's server be asked for its tools once in a while; who asks meanwhile waits for the same answer. */
  learn(server: string, session: string, list: () => Promise<void>): Promise<void>;
  /** Something of this tool was written: what is remembered of it does not count. */
  forget(key: PinKey): void;
}

/** @param now milliseconds since the epoch */
export function pinsOf(table: PinsTable, config: PinsConfig | null, now: () => number): Pins {
  const pins = remembering<Pin | undefined>(now);
  const learned = remembering<void>(now);
  const servers = remembering<Map<string, PinRow>>(now);
  const fixed: Pins["fixed"] = (server, tool) => {
    const tools = config !== null && Object.hasOwn(config.servers, server) ? config.servers[server] : undefined;
    if (tools === undefined) return undefined;
    return (Object.hasOwn(tools, tool) ? tools[tool] : undefined) ?? [];
  };
  const of = (key: PinKey) =>
    pins.get(nameOf(key), async () => pinOf(await table.get(key), fixed(key.server, key.tool)));
  return {
    table,
    fixed,
    of,
    definitionOf: async (server, era, tool) => (await of({ server, era, tool }))?.definition,
    rows: (server, era, again = false) =>
      servers.get(
        JSON.stringify([server, era]),
        async () => new Map((await table.of(server, era)).map((row) => [row.tool, row])),
        again,
      ),
    learn: (server, session, list) => learned.get(JSON.stringify([server, session]), list),
    forget: (key) => pins.forget(nameOf(key)),
  };
}

const nameOf = ({ server, era, tool }: PinKey) => JSON.stringify([server, era, tool]);

/** What a row means, beside what the configuration fixes for the tool. */
function pinOf(row: PinRow | undefined, fixed: readonly string[] | undefined): Pin | undefined {
  if (row === undefined) return undefined;
  const { seen, pinned } = row;
  const allowed = fixed ?? (pinned === null ? [] : [pinned.digest]);
  const stands = (kept: KeptDefinition | null) => kept !== null && allowed.includes(kept.digest);
  // What was seen stays what the server last said until somebody pins again, or allows both.
  const latest = seen === null || (stands(seen) && stands(pinned)) ? pinned : seen;
  return {
    digest: latest?.digest ?? "",
    changed: !stands(latest),
    definition: [pinned, latest].find(stands)?.definition,
    latest: latest?.definition,
  };
}

/** Keeps what was read for a while. Who asks together shares one read, and a failed one is not kept. */
function remembering<T>(now: () => number) {
  const kept = new Remembered<string, { readonly value: Promise<T>; readonly until: number }>(MOST_REMEMBERED);
  return {
    get(name: string, read: () => Promise<T>, again = false): Promise<T> {
      const found = kept.get(name);
      if (found !== undefined && !again && now() < found.until) return found.value;
      const entry = { value: read(), until: now() + PINS_KEPT };
      kept.set(name, entry);
      entry.value.catch(() => {
        if (kept.get(name) === entry) kept.delete(name);
      });
      return entry.value;
    },
    forget: (name: string) => void kept.delete(name),
  };
}
