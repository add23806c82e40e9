import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

const run = promisify(execFile);

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

const manifestsOf = (file: string): Manifest[] =>
  parseAllDocuments(readFileSync(`examples/kubernetes/${file}`, "utf8")).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });

const SERVER = manifestsOf("server.yaml");
const CALLER = manifestsOf("caller.yaml");
const ALL = [...SERVER, ...CALLER].map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const);

/** Where the models of an API are; the core API has no group. */
const modelsOf = ({ apiVersion }: Manifest) => `kubernetes-models/${apiVersion}`;

describe("each manifest", () => {
  test.each(ALL)("%s fits the schema of its kind", async (_, manifest) => {
    const models = (await import(modelsOf(manifest))) as Record<string, new (data: unknown) => { validate(): void }>;
    const Model = models[manifest.kind];
    if (Model === undefined) throw new Error(`no model of ${manifest.kind}`);
    expect(() => new Model(manifest).validate()).not.toThrow();
    // The schema is one that refuses: a name is no number.
    const wrong = new Model({ ...manifest, metadata: { ...manifest.metadata, name: 7 } });
    expect(() => wrong.validate()).toThrow();
  });

  const folder = mkdtempSync(join(tmpdir(), "countersign-manifests-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What the compiler says of manifests as values of their types: it knows keys that the schemas let pass. */
  async function compile(manifests: readonly Manifest[]): Promise<string> {
    const lines = manifests.map((manifest, at) => {
      const models = resolve("node_modules", modelsOf(manifest), "index.js");
      return `import type { I${manifest.kind} as T${at} } from ${JSON.stringify(models)};\nexport const m${at}: T${at} = ${JSON.stringify(manifest)};\n`;
    });
    writeFileSync(join(folder, "manifests.ts"), lines.join(""));
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--types", ""];
    try {
      return (await run(resolve("node_modules/.bin/tsc"), [...options, "manifests.ts"], { cwd: folder })).stdout;
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }

  test("has no key that its kind does not know", async () => {
    expect(await compile([...SERVER, ...CALLER])).toBe("");
  }, 60_000);

  test("with a misspelled key would be found", async () => {
    const [policy] = SERVER.filter(({ kind }) => kind === "NetworkPolicy");
    if (policy === undefined) throw new Error("no policy");
    const misspelled = { ...policy, spec: { ...policy.spec, ingres: [] } };
    expect(await compile([misspelled])).toMatch(/ingres\W+ does not exist/);
  }, 60_000);
});

const ofKind = (manifests: readonly Manifest[], kind: string) => manifests.filter((manifest) => manifest.kind === kind);

describe("the server", () => {
  test("is reached by the gateway's addresses at its port, by health checks at theirs, and by nobody else", () => {
    const policies = ofKind(SERVER, "NetworkPolicy").map(({ spec }) => spec);
    expect(policies[0]).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(policies.slice(1)).toEqual([
      expect.objectContaining({
        podSelector: { matchLabels: { app: "files" } },
        ingress: [
          {
            from: [{ ipBlock: { cidr: "10.20.1.0/28" } }, { ipBlock: { cidr: "10.20.2.0/28" } }],
            ports: [{ protocol: "TCP", port: 8080 }],
          },
          {
            from: [{ ipBlock: { cidr: "10.20.11.0/24" } }, { ipBlock: { cidr: "10.20.12.0/24" } }],
            ports: [{ protocol: "TCP", port: 8081 }],
          },
        ],
      }),
    ]);
  });

  test("stands behind an internal load balancer that keeps the caller's address, ends TLS, and has a group given", () => {
    const [service] = ofKind(SERVER, "Service") as (Manifest & { metadata: { annotations: Record<string, string> } })[];
    const PREFIX = "service.beta.kubernetes.io/aws-load-balancer-";
    const said = Object.fromEntries(
      Object.entries(service?.metadata.annotations ?? {}).map(([key, value]) => [key.replace(PREFIX, ""), value]),
    );
    expect(said).toMatchObject({
      scheme: "internal",
      "nlb-target-type": "ip",
      "security-groups": expect.stringMatching(/^sg-/),
      "ssl-ports": "443",
      "target-group-attributes": expect.stringContaining("preserve_client_ip.enabled=true"),
    });
    expect(service?.spec).toMatchObject({ type: "LoadBalancer", loadBalancerClass: "service.k8s.aws/nlb" });
  });
});

test("no pod has a token of the cluster's own API, runs as root, or may gain rights", () => {
  const templates = [...SERVER, ...CALLER].flatMap((manifest) => {
    const text = JSON.stringify(manifest);
    return text.includes('"containers"') ? [text] : [];
  });
  expect(templates).toHaveLength(2);
  for (const text of templates)
    for (const part of [
      '"automountServiceAccountToken":false',
      '"runAsNonRoot":true',
      '"allowPrivilegeEscalation":false',
    ])
      expect(text).toContain(part);
});

test("the caller's token is for the gateway alone", () => {
  const [job] = ofKind(CALLER, "CronJob");
  expect(JSON.stringify(job)).toContain(
    '"serviceAccountToken":{"path":"token","audience":"https://countersign.example.com","expirationSeconds":3600}',
  );
});
