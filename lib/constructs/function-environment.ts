import { Stack } from "aws-cdk-lib";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { ENV } from "../../lambdas/environment.ts";
import type { EvidenceStack } from "../evidence-stack.ts";

/** What each function is told, by its name in the house plan. */
export function functionEnvironment(
  evidence: EvidenceStack,
  stateMachineArn: string,
  topics: ReadonlyMap<string, ITopic>,
  exportBus: string,
  minter: string | undefined,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const manifest = { [ENV.ledgerTable]: evidence.ledger.tableName };
  const signingKey = { [ENV.signingKey]: evidence.signingKey.keyArn };
  const former = evidence.formerSigningKeys.map(({ keyArn }) => keyArn);
  const formerKeys: Readonly<Record<string, string>> =
    former.length === 0 ? {} : { [ENV.formerSigningKeys]: Stack.of(evidence).toJsonString(former) };
  // Whoever appends signs.
  const ledger = { ...manifest, ...signingKey };
  const approvals = { [ENV.approvalsTable]: evidence.approvals.tableName };
  const access = { [ENV.accessTable]: evidence.access.tableName };
  const vaults = {
    [ENV.maskedVault]: evidence.maskedVault.bucketName,
    [ENV.sealedVault]: evidence.sealedVault.bucketName,
  };
  const forensicKey = { [ENV.forensicKey]: evidence.forensicKey.keyArn };
  const dataPath = {
    ...ledger,
    ...approvals,
    ...vaults,
    ...forensicKey,
    ...access,
    [ENV.sealSecret]: evidence.sealSecret.secretArn,
    ...(minter === undefined ? {} : { [ENV.minter]: minter }),
  };
  const topicArns = Object.fromEntries([...topics].map(([group, topic]) => [group, topic.topicArn]));
  const flow = {
    ...ledger,
    ...approvals,
    ...access,
    [ENV.stateMachine]: stateMachineArn,
    [ENV.topics]: Stack.of(evidence).toJsonString(topicArns),
  };
  return {
    refusals: ledger,
    gateway: dataPath,
    listener: dataPath,
    approvals: { ...ledger, ...approvals, ...access },
    leaver: { ...ledger, ...approvals, ...access },
    audit: {
      ...ledger,
      ...approvals,
      ...forensicKey,
      ...vaults,
      [ENV.accessTable]: evidence.access.tableName,
    },
    recorder: flow,
    sweeper: flow,
    archiver: { ...vaults, ...manifest },
    exporter: { ...ledger, [ENV.exportBus]: exportBus },
    observer: { ...ledger, ...vaults },
    reconciler: { ...ledger, [ENV.maskedVault]: evidence.maskedVault.bucketName },
    compactor: {
      [ENV.maskedVault]: evidence.maskedVault.bucketName,
      [ENV.compactedBucket]: evidence.compacted.bucketName,
    },
    holder: { ...vaults, ...manifest, ...access },
    digester: { ...vaults, ...manifest, ...signingKey, ...formerKeys },
    // Relative to the bundle: the site function reads it beside its own code.
    site: { [ENV.consoleFolder]: "/var/task/console" },
  };
}
