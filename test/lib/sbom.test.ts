import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { sbom } from "../../lib/sbom.ts";

const schema = (name: string) =>
  JSON.parse(readFileSync(`test/fixtures/cyclonedx/${name}.SNAPSHOT.schema.json`, "utf8")) as object;

/** The formats that the schema names are not checked: dates and URLs are npm's own. */
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
for (const name of ["spdx", "jsf-0.82"])
  ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
const isBom = ajv.compile(schema("bom-1.5"));

interface Bom {
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly hashes?: readonly object[];
  }[];
}

const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;

test("the bill of materials is CycloneDX 1.5 by its own schema, and names what is deployed, with hashes", () => {
  const bom = JSON.parse(sbom(true)) as Bom;
  expect(isBom(bom), JSON.stringify(isBom.errors?.slice(0, 3))).toBe(true);
  expect(bom.metadata.component).toMatchObject({ name: "countersign", version: "0.1.0" });
  const named = new Map(bom.components.map((component) => [component.name, component]));
  for (const [name, version] of Object.entries(dependencies ?? {})) {
    expect(named.get(name)?.version, name).toBe(version);
    expect(named.get(name)?.hashes?.length, name).toBeGreaterThan(0);
  }
  expect(named.has("vitest")).toBe(false);
}, 60_000);

test("npm run synth leaves the bill of what is deployed", () => {
  const file = "sbom.cdx.json";
  rmSync(file, { force: true });
  execFileSync("npm", ["run", "--silent", "postsynth"], { stdio: "ignore" });
  const bom = JSON.parse(readFileSync(file, "utf8")) as Bom;
  expect(isBom(bom)).toBe(true);
  expect(bom.components.map(({ name }) => name)).not.toContain("vitest");
}, 60_000);

test("the whole of it has the tools too, and a bill without a version of CycloneDX is none", () => {
  const bom = JSON.parse(sbom(false)) as Bom;
  expect(isBom(bom), JSON.stringify(isBom.errors?.slice(0, 3))).toBe(true);
  expect(bom.components.map(({ name }) => name)).toEqual(expect.arrayContaining(["vitest", "zod"]));
  expect(Object.keys(devDependencies ?? {}).length).toBeGreaterThan(10);
  expect(isBom({ ...bom, specVersion: undefined })).toBe(false);
}, 60_000);
