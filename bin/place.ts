import { existsSync, readFileSync } from "node:fs";
import type { Environment } from "../lambdas/environment.ts";

/** Where a command finds the archive and the API. */
export interface Place {
  readonly environment: Environment;
  readonly maskedVault: string;
  readonly url: string;
}

/** Written by the local stack; holds no credential. */
const LOCAL_FILE = ".local/stack.json";

interface LocalFacts {
  readonly endpoint: string;
  readonly region: string;
  readonly publicUrl: string;
  readonly maskedVault: string;
}

/**
 * Works out the place from the command's options and the environment.
 * @throws Error that says which option is missing
 */
export function placeOf(
  options: { local?: boolean; maskedVault?: string; url?: string },
  environment: Environment,
): Place {
  if (options.local) {
    if (!existsSync(LOCAL_FILE))
      throw new Error(`the local stack is not running (no ${LOCAL_FILE}); start it with: npm run local`);
    const facts = JSON.parse(readFileSync(LOCAL_FILE, "utf8")) as LocalFacts;
    return {
      environment: { AWS_ENDPOINT_URL: facts.endpoint, AWS_REGION: facts.region },
      maskedVault: facts.maskedVault,
      url: facts.publicUrl,
    };
  }
  const maskedVault = options.maskedVault ?? environment.COUNTERSIGN_MASKED_VAULT ?? "";
  return { environment, maskedVault, url: options.url ?? environment.COUNTERSIGN_URL ?? "" };
}

/** @throws Error that names the option for a value that a command needs and was not given */
export function needed(value: string, option: string): string {
  if (value === "") throw new Error(`${option} is needed (or --local)`);
  return value;
}
