import { Client, type Transport } from "@modelcontextprotocol/client";

/**
 * An SDK client with its own defaults, whose user says yes to everything and leaves forms as they are filled in.
 *
 * @param modern ask first whether the server speaks 2026-07-28; otherwise begin with `initialize`
 */
export async function connect(transport: Transport, modern: boolean): Promise<Client> {
  const client = new Client(
    { name: "countersign-conformance", version: "1.0.0" },
    {
      capabilities: { elicitation: { form: { applyDefaults: true } } },
      ...(modern ? { versionNegotiation: { mode: "auto" } } : {}),
    },
  );
  client.setRequestHandler("elicitation/create", ({ params }) => {
    const asksToConfirm = params.mode !== "url" && "confirmed" in params.requestedSchema.properties;
    const content: Record<string, boolean> = asksToConfirm ? { confirmed: true } : {};
    return { action: "accept", content };
  });
  await client.connect(transport);
  return client;
}
