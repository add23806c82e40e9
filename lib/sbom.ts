import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

/** Where the generated list lies; no part of the repository, because it says when it was made. */
const SBOM_FILE = fileURLToPath(new URL("../sbom.cdx.json", import.meta.url));

interface Component {
  readonly "bom-ref": string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Bom {
  readonly metadata: { readonly component: object };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * The software bill of materials, as CycloneDX 1.5 (JSON): what the lock file names, with versions, hashes and licences.
 *
 * @param deployed only what can reach the bundles; otherwise the tools that build and test them too
 */
export function sbom(deployed: boolean): string {
  const text = execFileSync("npm", ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"], {
    cwd: PROJECT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { metadata, components, dependencies, ...bom } = JSON.parse(text) as Bom;
  // npm's own `--omit=dev` leaves out what is deployed as well where a tool needs it too.
  const gone = new Set(deployed ? components.filter(isTool).map((component) => component["bom-ref"]) : []);
  const whole = {
    ...bom,
    // npm names the whole after the folder that it lies in.
    metadata: { ...metadata, component: { ...metadata.component, name: "countersign" } },
    components: components.filter((component) => !gone.has(component["bom-ref"])),
    dependencies: dependencies
      .filter(({ ref }) => !gone.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => !gone.has(other)) })),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

const isTool = ({ properties = [] }: Component) =>
  properties.some(({ name, value }) => name === "cdx:npm:package:development" && value === "true");

if (import.meta.main) writeFileSync(SBOM_FILE, sbom(process.argv.includes("--deployed")));
