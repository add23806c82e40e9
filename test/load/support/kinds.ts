import { legacy, modern } from "../../support/gateway.ts";
import { type Sort, sortOf } from "./answers.ts";
import type { Crowd } from "./crowd.ts";
import { type Breakage, SECRET, type Wish } from "./upstream.ts";

/** One kind of what clients do, and what may come of it. */
export interface Kind {
  readonly name: string;
  /** How often it comes, beside the others. */
  readonly share: number;
  /** What may be heard, and must be heard at least once in a run. */
  readonly heard: readonly Sort[];
  /** Does it once; `name` belongs to it alone. */
  make(crowd: Crowd, name: string): Promise<Sort>;
}

const wishing = (name: string, share: number, wish: Omit<Wish, "name">, heard: Sort = "result"): Kind => ({
  name,
  share,
  heard: [heard],
  async make(crowd, call) {
    const { sort, told } = await crowd.call({ name: call, ...wish });
    if (told.text.includes(SECRET)) throw new Error("a secret came out");
    if (sort === "result" && !told.text.includes(`done ${call}`))
      throw new Error(`another call's answer: ${told.text}`);
    return sort;
  },
});
const breaking = (name: string, share: number, breaks: Breakage) => wishing(name, share, { breaks }, "upstream_failed");

/** Milliseconds after which who leaves has left. */
const LEAVES_AFTER = 250;

export const KINDS: readonly Kind[] = [
  wishing("a plain call", 30, {}),
  wishing("a call with 4 KB", 10, { filler: "orders-api request handled ".repeat(150) }),
  wishing("an answer that is masked", 10, { leaks: true }),
  wishing("bodies too large for a record", 3, { leaks: true, bytes: 20_000, filler: "z".repeat(20_000) }),
  wishing("an answer on a stream", 9, { events: 3, takes: 120 }),
  wishing("an answer that takes two seconds", 3, { takes: 2000 }),
  wishing("a stream that takes three seconds", 2, { events: 5, takes: 3000 }),
  breaking("a server that says 503", 3, "status"),
  breaking("a server that breaks the connection", 3, "connection"),
  breaking("a stream that breaks off", 2, "half-way"),
  breaking("a server that talks nonsense", 2, "garbage"),
  breaking("a server that says nothing", 1, "silence"),
  {
    name: "a call that is denied",
    share: 7,
    heard: ["denied"],
    make: async (crowd, name) => (await crowd.call({ name }, { tool: "delete_everything" })).sort,
  },
  {
    name: "a list",
    share: 7,
    heard: ["result"],
    async make(crowd) {
      const told = await crowd.send(crowd.of([legacy, modern])("tools/list", {}, 5));
      if (told.text.includes("delete_everything")) throw new Error("a hidden tool is listed");
      return sortOf(told, 5);
    },
  },
  {
    name: "a message that is none",
    share: 3,
    heard: ["refused message"],
    async make(crowd) {
      const { body, headers } = modern("tools/list", {}, 9);
      const mismatch = { body, headers: { ...headers, "mcp-method": "tools/call" }, id: 9 };
      const { id, ...sent } = crowd.of([{ body: "{", id: null }, { body: "[]", id: null }, mismatch]);
      return sortOf(await crowd.send(sent), id);
    },
  },
  {
    name: "a token that is refused",
    share: 4,
    heard: ["turned away"],
    make: async (crowd) =>
      sortOf(await crowd.send({ ...legacy("tools/list", {}, 3), token: crowd.of([...crowd.refused, ""]) }), 3),
  },
  {
    name: "a session of 2025",
    share: 2,
    heard: ["result"],
    async make(crowd, name) {
      const token = crowd.token();
      const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "load", version: "1" } };
      const opened = await crowd.send({ body: { jsonrpc: "2.0", id: 0, method: "initialize", params }, token });
      const begun = sortOf(opened, 0);
      if (begun !== "result" || opened.session === undefined) return begun;
      const { session } = opened;
      const { sort } = await crowd.call({ name }, { era: "legacy", session, token });
      const ended = await crowd.send({ method: "DELETE", headers: { "mcp-session-id": session }, token });
      return ended.status < 300 ? sort : sortOf(ended, null);
    },
  },
  {
    name: "a client that leaves",
    share: 4,
    heard: ["left"],
    async make(crowd, name) {
      const leave = AbortSignal.timeout(LEAVES_AFTER);
      const wish = crowd.of<Wish>([
        { name, takes: 1500 },
        { name, takes: 1500, events: 6 },
      ]);
      return crowd.call(wish, { leave }).then(({ sort }) => sort, leftOrThrow(leave));
    },
  },
  {
    name: "a client that listens and leaves",
    share: 1,
    heard: ["left"],
    async make(crowd) {
      const leave = AbortSignal.timeout(4 * LEAVES_AFTER);
      const headers = { "mcp-protocol-version": "2025-11-25" };
      return crowd.send({ method: "GET", headers, leave }).then(() => "result" as const, leftOrThrow(leave));
    },
  },
];

/** Who left hears nothing more, which is no fault; whatever else ends a request is one. */
const leftOrThrow =
  (leave: AbortSignal) =>
  (cause: unknown): Sort => {
    if (leave.aborted) return "left";
    throw cause;
  };
