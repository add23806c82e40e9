import { play } from "./play.ts";

/**
 * The client under test, as the suite starts it: the scenario's URL is the last argument, the rest is in the
 * environment. With CONFORMANCE_VIA it calls that URL instead, once whoever listens there knows the scenario's.
 */
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? "";
const revision = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION ?? "";
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}") as Record<string, unknown>;
const { CONFORMANCE_VIA: via, CONFORMANCE_AIM: aim } = process.env;
const target = process.argv.at(-1) ?? "";

if (aim !== undefined) await fetch(aim, { method: "PUT", body: target });
let end = 0;
try {
  await play({ scenario, url: new URL(via ?? target), modern: revision === "2026-07-28", context });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  end = 1;
}
// A gateway does not see that a client is gone, and the suite waits until its server is left alone.
if (aim !== undefined) await fetch(aim, { method: "DELETE" });
process.exit(end);
