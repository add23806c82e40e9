import { randomBytes } from "node:crypto";
import type { LocalServer } from "../../../local/local-config.ts";
import { type EverythingServer, startEverything } from "../../../local/servers/everything.ts";
import { type LocalStack, startLocalStack } from "../../../local/stack.ts";
import { type Lab, startLab } from "./lab.ts";
import type { Address } from "./peer.ts";

/** The local stack with the servers of these tests behind it, and the way round it. */
export interface Rig {
  readonly stack: LocalStack;
  /** Serves both eras, and pushes. */
  readonly lab: Lab;
  /** Addresses of a server: as the developer reaches it, and as the gateway does. */
  through(server: string): Address;
  direct(server: string): Address;
  stop(): Promise<void>;
}

/** Servers of a test file beside `everything`, `ops` and `lab`. */
export type MoreServers = readonly LocalServer[];

export async function startRig(more: MoreServers = [], morePolicies?: string): Promise<Rig> {
  const credential = randomBytes(12).toString("hex");
  const [lab, modernLab, talkative] = await Promise.all([
    startLab(credential),
    startLab(credential, "modern"),
    startEverything(credential),
  ]);
  const parts: readonly (Lab | EverythingServer)[] = [lab, modernLab, talkative];
  const stopParts = () => Promise.all(parts.map((part) => part.stop()));
  const servers: MoreServers = [
    { name: "lab", url: lab.url, credential, push: true },
    { name: "modern-lab", url: modernLab.url, credential },
    // "everything" once more, with a stream for what it says unasked: it asks for roots there.
    { name: "talkative", url: talkative.url, credential, push: true },
    ...more,
  ];
  // Streams of clients that left without a word end soon: all tests of a file share what one principal may keep open.
  const stack = await startLocalStack({
    moreServers: servers,
    times: { listenFor: "15s" },
    ...(morePolicies === undefined ? {} : { morePolicies }),
  }).catch(async (error) => {
    await stopParts();
    throw error;
  });
  const token = await stack.token("developer", "mcp");
  const { everything, ops } = stack;
  const places = new Map<string, { url: string; credential: string }>(servers.map((server) => [server.name, server]));
  places.set("everything", everything).set("ops", ops);
  return {
    stack,
    lab,
    through: (server) => ({ url: `${stack.publicUrl}/mcp/${server}`, token }),
    direct(server) {
      const place = places.get(server);
      if (place === undefined) throw new Error(`there is no server ${server}`);
      return { url: place.url, token: place.credential };
    },
    stop: async () => {
      await stack.stop();
      await stopParts();
    },
  };
}
