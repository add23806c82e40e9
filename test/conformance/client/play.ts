import { StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";
import { connect } from "./connect.ts";
import { SignIn } from "./sign-in.ts";
import { WIRE } from "./wire.ts";

/** One scenario as the suite describes it to the client. */
export interface Play {
  readonly scenario: string;
  readonly url: URL;
  /** Speak 2026-07-28; otherwise the handshake of the revisions before it. */
  readonly modern: boolean;
  /** What the scenario tells beside its URL, such as calls to make or a client that is registered already. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** Sign-ins until the client gives up. */
const MOST_SIGN_INS = 3;

/** Does what the scenario expects of a client. */
export async function play({ scenario, url, modern, context }: Play): Promise<void> {
  const wire = WIRE.get(scenario);
  if (wire !== undefined) {
    const client = await connect(new StreamableHTTPClientTransport(url), modern);
    await wire(client, context);
    await client.close();
  } else if (scenario.startsWith("auth/")) await signedIn(url, modern, new SignIn(context));
  else throw new Error(`there is no script for the scenario ${scenario}`);
}

/** Connects, lists and calls; signs in whenever the server asks for it. */
async function signedIn(url: URL, modern: boolean, authProvider: SignIn): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const transport = new StreamableHTTPClientTransport(url, { authProvider });
    try {
      const client = await connect(transport, modern);
      await client.listTools();
      await client.callTool({ name: "test-tool", arguments: {} });
      return await client.close();
    } catch (error) {
      if (!(error instanceof UnauthorizedError) || attempt === MOST_SIGN_INS) throw error;
      // On the transport that was refused: it knows which metadata the refusal named.
      await transport.finishAuth(authProvider.callback());
    }
  }
}
