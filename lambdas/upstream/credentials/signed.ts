import { SignatureV4 } from "@smithy/signature-v4";
import type { CredentialOf } from "../../../lib/config/credential.ts";
import type { AssumedRoles, SessionKeys } from "../../aws/assumed-role.ts";
import { roleSessionOf } from "../../domain/upstream/role-session.ts";
import type { Credential } from "./credential.ts";
import { kept } from "./kept.ts";
import { noCredential, step } from "./no-credential.ts";

/** SigV4 with a session of the server's role that is the caller's alone: no two principals share keys. */
export function signedCredential(
  server: string,
  config: CredentialOf<"sigv4">,
  { assume, sha256 }: AssumedRoles,
): Credential {
  const sessions = kept<SessionKeys>();
  return {
    async present({ method, url, headers, body, onBehalfOf }) {
      if (onBehalfOf === undefined) throw noCredential("it is given for a caller, and there is none");
      const { principal } = onBehalfOf.caller;
      const credentials = await step("its role cannot be assumed", () =>
        sessions.get(principal.id, () =>
          assume(config.roleArn, roleSessionOf(principal, server, config), config.sessionFor),
        ),
      );
      const signer = new SignatureV4({ service: config.service, region: config.region, credentials, sha256 });
      const signed = await signer.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: queryOf(url),
        headers: { ...headers, host: url.host },
        ...(body === undefined ? {} : { body }),
      });
      return { headers: signed.headers };
    },
  };
}

/** The query as the signer wants it, with names that come more than once. */
function queryOf({ searchParams }: URL): Record<string, string | string[]> {
  const names = [...new Set(searchParams.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const [first = "", ...more] = searchParams.getAll(name);
      return [name, more.length === 0 ? first : [first, ...more]];
    }),
  );
}
