import { completable, inputRequired, inputResponse, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";

/** What became of the calls of `wait`. */
export interface Waits {
  started: number;
  /** Calls whose server learned that the client had lost interest. */
  cancelled: number;
}

const text = (words: string) => ({ content: [{ type: "text" as const, text: words }] });
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One of everything that a client and a server do together. */
export function labServer(waits: Waits): McpServer {
  const server = new McpServer({ name: "lab", version: "1.0.0" }, { capabilities: { logging: {} } });

  server.registerTool(
    "count",
    { description: "Counts, and reports progress", inputSchema: z.object({ to: z.number() }) },
    async ({ to }, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken;
      for (let progress = 1; progress <= to; progress += 1) {
        await pause(20);
        if (progressToken !== undefined)
          await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: to } });
      }
      // A client that gets both at once takes the result first, and hears no progress afterwards.
      await pause(50);
      return text(`counted to ${to}`);
    },
  );
  server.registerTool("wait", { description: "Never ends by itself" }, async ({ mcpReq: { signal } }) => {
    waits.started += 1;
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
      setTimeout(resolve, 20_000).unref();
    });
    if (signal.aborted) waits.cancelled += 1;
    return text("waited");
  });
  server.registerTool("log", { description: "Says something beside its result" }, async ({ mcpReq }) => {
    await mcpReq.log("debug", "too quiet to be heard", "lab");
    await mcpReq.log("warning", { what: "loud enough" }, "lab");
    return text("logged");
  });
  server.registerTool("interview", { description: "Asks person, model and host" }, async ({ mcpReq }) => {
    const { inputResponses } = mcpReq;
    if (inputResponse(inputResponses, "person").kind === "missing")
      return inputRequired({
        inputRequests: {
          person: inputRequired.elicit({
            message: "Who are you?",
            requestedSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
          }),
          model: inputRequired.createMessage({
            messages: [{ role: "user", content: { type: "text", text: "Say something" } }],
            maxTokens: 20,
          }),
          host: inputRequired.listRoots(),
        },
      });
    const answers = ["person", "model", "host"].map((key) => inputResponse(inputResponses, key));
    return text(JSON.stringify(answers));
  });
  server.registerTool(
    "measure",
    {
      description: "A structured result",
      inputSchema: z.object({ of: z.string() }),
      outputSchema: z.object({ of: z.string(), length: z.number(), ratio: z.number(), unit: z.null() }),
    },
    async ({ of }) => {
      const structuredContent = { of, length: of.length, ratio: 1e-7, unit: null };
      return { ...text(JSON.stringify(structuredContent)), structuredContent };
    },
  );
  server.registerResource("note", "lab://note", { mimeType: "text/plain" }, async (uri) => ({
    contents: [{ uri: uri.href, mimeType: "text/plain", text: "A note: \u00e9, \u{1f41f}, \u2028 and \\u0000" }],
  }));
  const topic = completable(z.string(), (start) => ["sea", "season", "sky"].filter((word) => word.startsWith(start)));
  server.registerPrompt("brief", { description: "A brief", argsSchema: z.object({ topic }) }, async ({ topic }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Be brief about ${topic}` } }],
  }));
  return server;
}
