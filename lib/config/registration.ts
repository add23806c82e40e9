import * as z from "zod";
import { LOOPBACK } from "./loopback.ts";
import { absoluteUrl, secureUrl } from "./urls.ts";

/** Registration of MCP clients on behalf of an identity provider that refuses it. */
export const registration = z.strictObject({
  issuer: z.string().min(1).describe("Name of the issuer of people that clients sign in at"),
  clientId: z.string().min(1).describe("The public client (PKCE, no secret) that every MCP client is told to be"),
  authorizationEndpoint: secureUrl.describe("The issuer's own, from its metadata"),
  tokenEndpoint: secureUrl.describe("The issuer's own, from its metadata"),
  scopes: z.array(z.string().min(1)).min(1).describe("What clients may ask for, such as openid and offline_access"),
  redirectUris: z
    .array(absoluteUrl)
    .min(1)
    .describe("Where clients may be sent back to; http on a loopback address stands for any port of it"),
});

export type RegistrationConfig = z.infer<typeof registration>;

interface Around {
  readonly publicUrl: string | null;
  readonly registration?: RegistrationConfig | null | undefined;
  readonly identity: { readonly issuers: readonly { readonly name: string; readonly kind: string }[] };
}

/** What is wrong with it beside the rest of the configuration. */
export function* registrationProblems({ registration: given, publicUrl, identity }: Around) {
  if (!given) return;
  const at = (member: string) => ["registration", member] as const;
  if (publicUrl === null)
    yield { at: at("issuer"), message: "needs a publicUrl: clients look for its metadata at the root of an origin" };
  const people = identity.issuers.filter(({ kind }) => kind === "user").map(({ name }) => name);
  if (!people.includes(given.issuer))
    yield { at: at("issuer"), message: `one of the issuers of kind user: ${people.join(", ")}` };
  for (const uri of given.redirectUris) {
    const { protocol, hostname, hash, search } = new URL(uri);
    if (hash !== "" || search !== "") yield { at: at("redirectUris"), message: `${uri}: no query and no fragment` };
    if (protocol === "http:" && !LOOPBACK.includes(hostname))
      yield { at: at("redirectUris"), message: `${uri}: http is only for a loopback address` };
  }
}
