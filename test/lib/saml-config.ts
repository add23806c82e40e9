import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";

export const EMAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";

/** A provider that speaks SAML, as the guide says to write it. */
export const SAML = {
  name: "company",
  metadataUrl: "https://login.example.com/app/countersign/metadata",
  domainPrefix: "example-countersign",
  attributes: { person: EMAIL, groups: "groups", name: "displayName" },
  encryptedAssertions: false,
  tokenLifetime: "1h",
  refreshFor: "12h",
  redirectUris: ["http://localhost:3118/callback", "https://claude.ai/api/mcp/auth_callback"],
};

/** The shipped configuration, whose people come by such a provider in place of its first issuer. */
export function withSaml(saml: object = SAML) {
  const shipped = parse(readFileSync("config/gateway.yaml", "utf8"));
  const [, ...workloads] = shipped.identity.issuers;
  return {
    ...shipped,
    identity: { issuers: workloads, saml },
    console: { ...shipped.console, clientId: null, audience: null },
  };
}

/** @returns path of its `gateway.yaml`, with the shipped rules beside it */
export function samlConfigFile(config: object = withSaml()): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-saml-"));
  cpSync("config", folder, { recursive: true });
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, stringify(config));
  return file;
}
