import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";

const RESULTS = fileURLToPath(new URL("../results/", import.meta.url));

/** Where a picture of the page goes. */
export function picture(name: string): string {
  mkdirSync(RESULTS, { recursive: true });
  return `${RESULTS}${name}.png`;
}

/** @throws Error that says what to install when this machine has no Chromium */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
}

function findChromium(): string {
  try {
    return execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
  } catch (cause) {
    throw new Error("The browser tests need Chromium: apt-get update && apt-get install -y chromium", { cause });
  }
}
