/** Names of the environment variables that the stacks set and the functions read: one list, so they cannot drift. */
export const ENV = {
  ledgerTable: "LEDGER_TABLE",
  approvalsTable: "APPROVALS_TABLE",
  accessTable: "ACCESS_TABLE",
  maskedVault: "MASKED_VAULT",
  sealedVault: "SEALED_VAULT",
  forensicKey: "FORENSIC_KEY_ARN",
  signingKey: "SIGNING_KEY_ARN",
  /** JSON array: ARNs of the keys that signed before it (`digester` only); left out where there was none. */
  formerSigningKeys: "FORMER_SIGNING_KEY_ARNS",
  sealSecret: "SEAL_SECRET_ARN",
  exportBus: "EXPORT_BUS",
  /** Bucket of the archive in Parquet (`compactor` only). */
  compactedBucket: "COMPACTED_BUCKET",
  stateMachine: "STATE_MACHINE_ARN",
  /** The function that gets tokens outside the VPC; set where a server needs it. */
  minter: "MINTER_FUNCTION",
  /** JSON object: approver group name to SNS topic ARN. */
  topics: "TOPIC_ARNS",
  /** JSON object: what is known of the user pool of `identity.saml` only once it is made; set where there is one. */
  identityPool: "IDENTITY_POOL",
  /** File with the validated settings (JSON), beside the bundle in Lambda. */
  settingsFile: "SETTINGS_FILE",
  /** `allowed` on a laptop, where servers are on the loopback interface; no stack sets it, and in Lambda it counts for nothing. */
  loopbackServers: "LOOPBACK_SERVERS",
  /** Folder with the built console (`site` only). */
  consoleFolder: "CONSOLE_FOLDER",
  /** Name of the function in the house plan: authorizer, gateway, listener, approvals, leaver, audit, recorder, sweeper, archiver, exporter, observer, reconciler, digester, minter, federation or site. */
  service: "POWERTOOLS_SERVICE_NAME",
} as const;

/** An environment as a plain value, so that several functions can live in one process on a laptop. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a variable that must be there.
 * @throws Error naming the variable: a deployment mistake, found at cold start
 */
export function requireEnv(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "") throw new Error(`The environment variable ${name} is not set`);
  return value;
}
