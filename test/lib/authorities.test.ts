import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { loadAuthorities } from "../../lib/config/authorities.ts";
import { ConfigError } from "../../lib/config/config-error.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { buildSettings } from "../../lib/config/settings.ts";
import { authority, type Pair } from "../upstream/support/certificates.ts";
import { configWith, rightsOf, synthesize } from "./template.ts";

// The first synth proves every expression of the configuration linear, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let own: Awaited<ReturnType<typeof authority>>;
let leaf: Pair;
beforeAll(async () => {
  own = await authority("own");
  leaf = await own.sign("server", "server");
});

const OPS = "https://ops.internal.example.com/mcp";

/** The shipped configuration with an authority for `ops`, and its file beside it. */
function configTrusting(pem: string | undefined, url = OPS): string {
  const file = configWith({ [OPS]: `${url}\n    ca: { file: ops-ca.pem }` });
  if (pem !== undefined) writeFileSync(join(dirname(file), "ops-ca.pem"), pem);
  return file;
}

describe("an authority in a file", () => {
  test("stands in the settings as text, for its server alone", () => {
    expect(buildSettings(configTrusting(own.pem)).authorities).toEqual({ ops: own.pem });
    expect(buildSettings("config/gateway.yaml").authorities).toEqual({});
  });

  test.each<[string, () => string | undefined, RegExp]>([
    ["is not there", () => undefined, /which cannot be read/],
    ["is empty", () => "", /which holds no certificate/],
    ["holds a server's own certificate", () => leaf.certificate, /a certificate that is no authority's/],
    ["holds a key", () => `${own.pem}\n${leaf.key}`, /which holds a private key/],
    ["is cut", () => own.pem.replace(/\n[^\n]+\n-----END/, "\n-----END"), /which holds what is no certificate/],
  ])("that %s is refused with file, line and cause", (_, pem, says) => {
    const file = configTrusting(pem());
    const line =
      readFileSync(file, "utf8")
        .split("\n")
        .findIndex((text) => text.includes("ops-ca.pem")) + 1;
    expect(() => buildSettings(file)).toThrow(ConfigError);
    expect(() => buildSettings(file)).toThrow(`${file}:${line}: servers[1].ca.file: found `);
    expect(() => buildSettings(file)).toThrow(says);
  });

  test("that has ended is refused", () => {
    const file = configTrusting(own.pem);
    const inTenYears = Date.now() + 10 * 365 * 86_400_000;
    expect(() =>
      loadAuthorities(loadConfig(file).servers, { folder: dirname(file), configFile: file, now: inTenYears }),
    ).toThrow(/which ended on /);
  });

  test("is refused for a server without TLS", () => {
    const file = configTrusting(own.pem, "http://ops.internal.example.com/mcp");
    expect(() => buildSettings(file)).toThrow(/servers\[1\]\.url: .*an https URL: `ca` is asked in TLS/);
  });
});

test("an authority in a secret is read by the functions that speak MCP", () => {
  const { gateway } = synthesize(configWith({ [OPS]: `${OPS}\n    ca: { secretName: countersign/ca/ops }` }));
  expect(JSON.stringify(rightsOf(gateway, "GatewayPrivate"))).toContain("secret:countersign/ca/ops-??????");
});
