import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

/** A real OpenID provider on loopback where any name signs in with any password. */
export interface SignInServer {
  readonly issuer: string;
  /** How many authorization requests carried what a public client must send: PKCE S256 and the console's resource. */
  readonly authorizations: URLSearchParams[];
  close(): Promise<void>;
}

/**
 * @param redirects where the console may ask to be sent back to
 * @param audience resource whose tokens are given out, as signed JWTs
 */
export async function startSignIn(
  redirects: readonly string[],
  clientId: string,
  audience: string,
): Promise<SignInServer> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        redirect_uris: [...redirects],
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    pkce: { required: () => true },
    clientBasedCORS: () => true,
    claims: { openid: ["sub"], profile: ["name"] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: id }) }),
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: "",
          audience: resource === audience ? audience : "elsewhere",
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
        }),
      },
    },
  });
  const authorizations: URLSearchParams[] = [];
  const answer = provider.callback();
  server.on("request", (request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    if (url.pathname === "/auth") authorizations.push(url.searchParams);
    void answer(request, response);
  });
  return { issuer, authorizations, close: () => close(server) };
}

/** Stops a server and the connections that browsers keep open. */
export function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
