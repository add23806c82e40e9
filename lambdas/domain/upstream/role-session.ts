import type { CredentialOf } from "../../../lib/config/credential.ts";
import type { Principal } from "../identity/principal.ts";
import { sha256Hex } from "../json/canonical.ts";

/** A session of a server's role for one principal alone, as STS is asked for it. */
export interface RoleSession {
  /** `RoleSessionName`: CloudTrail shows it with every request of the session. */
  readonly name: string;
  /** `SourceIdentity`: stays through further roles that the server itself assumes. */
  readonly sourceIdentity: string;
  /** Session tags, for trust and resource policies. */
  readonly tags: Readonly<Record<string, string>>;
  /** What the session may do of what its role may: JSON. */
  readonly policy: string;
}

/** IAM's limits (API reference of AssumeRole). */
const LONGEST_NAME = 64;
const LONGEST_TAG = 256;

/** What a request to the service is allowed by. A Lambda URL asks for both rights (since October 2025). */
const ACTIONS: Readonly<Record<CredentialOf<"sigv4">["service"], readonly string[]>> = {
  lambda: ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"],
  "execute-api": ["execute-api:Invoke"],
  "bedrock-agentcore": ["bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:InvokeGateway"],
};

/**
 * Says for whom and for what a server's role is assumed, so that CloudTrail names the principal and the session reaches
 * this server alone. No two principals have the same name: what IAM cannot write is replaced, and a hash of the
 * principal's id follows.
 */
export function roleSessionOf(
  principal: Pick<Principal, "id" | "kind" | "person">,
  server: string,
  { service, resource }: Pick<CredentialOf<"sigv4">, "service" | "resource">,
): RoleSession {
  const { id, kind, person } = principal;
  const [issuer = "", ...rest] = id.split("|");
  const own = rest.join("|");
  const name = writable(person ?? own, /[^\w+=,.@-]/g, LONGEST_NAME, id);
  return {
    name,
    // A person is one at every issuer: no hash is needed where IAM can write the claim as it is.
    sourceIdentity: person !== null && /^[\w+=,.@-]{2,64}$/.test(person) ? person : name,
    tags: {
      "countersign:issuer": issuer,
      "countersign:kind": kind,
      "countersign:principal": writable(own, /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, LONGEST_TAG, id, own),
      "countersign:server": server,
    },
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ACTIONS[service], Resource: resourcesOf(service, resource) }],
    }),
  };
}

/** A text in the characters that are left, with a hash behind it unless it is `whole` as it stands. */
function writable(text: string, forbidden: RegExp, longest: number, hashed: string, whole?: string): string {
  const written = text.replace(forbidden, "-");
  if (written === whole && written.length <= longest) return written;
  const hash = sha256Hex(hashed).slice(0, 16);
  const room = longest - hash.length - 1;
  // Half of a character would be none.
  return `${written.slice(0, room).replace(/[\uD800-\uDBFF]$/, "")}.${hash}`;
}

/** A runtime's endpoints are resources below it. */
const resourcesOf = (service: string, resource: string): string[] =>
  service === "bedrock-agentcore" ? [resource, `${resource}/*`] : [resource];
