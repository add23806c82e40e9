import { createServer } from "node:http";
import { closeServer, listen } from "../../local/port.ts";
import { seededRandom } from "../measure.ts";

const tool = (name: string) => ({ name, description: "Searches", inputSchema: { type: "object" } });
const random = seededRandom(7);
const upTo = (most: number) => Math.floor(random() * most);

/** Lines of a log, none like another: they pack about as well as real ones do. */
export const logLines = (bytes: number): string => {
  let text = "";
  while (text.length < bytes)
    text += `2026-10-0${1 + upTo(9)}T08:${10 + upTo(50)}:${10 + upTo(50)}.${100 + upTo(900)}Z INFO orders-api handled /orders/${upTo(1e6)} status=200 ms=${upTo(400)} region=${upTo(40)}\n`;
  return text.slice(0, bytes);
};

/** Bytes of a result around its text. */
const AROUND = 82;

/** An MCP server that answers a search of 2 KB with 4 KB, at once; one of its tools with an address in the midst. */
export async function startLogServer(answerBytes: number) {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces).toString();
      const { id, method, params } = JSON.parse(body) as { id?: unknown; method: string; params?: { name?: string } };
      const text = `${params?.name === "search_mails" ? "user=jane.doe@example.com\n" : ""}${logLines(answerBytes)}`;
      const found = { content: [{ type: "text", text: text.slice(0, answerBytes - AROUND) }] };
      const tools = [tool("search_logs"), tool("search_mails")];
      const result = method === "tools/list" ? { tools } : found;
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}/mcp`, stop: () => closeServer(server) };
}
