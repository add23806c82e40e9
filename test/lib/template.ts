import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { createApp } from "../../lib/app.ts";

/** A policy statement as it stands in a template. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string | string[];
  readonly DeletionPolicy?: string;
}

/** Both stacks, synthesized once from the shipped configuration without bundling. */
export function synthesize(configFile = "config/gateway.yaml") {
  const app = createApp({ configFile, bundling: false, outdir: mkdtempSync(join(tmpdir(), "countersign-")) });
  const stack = (name: string) => Template.fromStack(app.node.findChild(name) as Stack);
  return { app, evidence: stack("CountersignEvidence"), gateway: stack("CountersignGateway") };
}

/**
 * The shipped configuration with texts replaced, every one of which must be there.
 * @returns path of the `gateway.yaml`, with its rules beside it
 */
export function configWith(changes: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-config-"));
  cpSync("config", folder, { recursive: true });
  const file = join(folder, "gateway.yaml");
  const text = Object.entries(changes).reduce(
    (yaml, [from, to]) => {
      if (!yaml.includes(from)) throw new Error(`the shipped configuration does not hold ${from}`);
      return yaml.replaceAll(from, to);
    },
    readFileSync(file, "utf8"),
  );
  writeFileSync(file, text);
  return file;
}

/** What makes a trial of the shipped configuration: no address of its own. */
export const TRIAL = {
  "publicUrl: https://countersign.example.com": "publicUrl: null",
  "certificateArn: arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555":
    "certificateArn: null",
};

/** Resources of a type, by logical id. */
export const resourcesOf = (template: Template, type: string): Record<string, Resource> =>
  template.findResources(type) as Record<string, Resource>;

/** The one resource of a type whose logical id begins like this. */
export function resource(template: Template, type: string, prefix: string): Resource {
  const found = Object.entries(resourcesOf(template, type)).filter(([id]) => id.startsWith(prefix));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} ${type} begin with ${prefix}`);
  return only[1];
}

export const statementsOf = (document: unknown): Statement[] => (document as { Statement: Statement[] }).Statement;

export const actionsOf = ({ Action }: Statement): string[] => (Array.isArray(Action) ? Action : [Action]);

/** What a function may do beyond logs, traces and dead letters: the statements of its own policy. */
export const rightsOf = (template: Template, name: string): Statement[] =>
  statementsOf(resource(template, "AWS::IAM::ManagedPolicy", `${name}Rights`).Properties.PolicyDocument);
