import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { CfnGuardValidator } from "@cdklabs/cdk-validator-cfnguard";
import { type CfnElement, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import type { IConstruct } from "constructs";
import { rulesAcknowledgedAt } from "./acknowledge.ts";
import { resolvedTemplate } from "./resolved-template.ts";

/** What a proactive control of AWS Control Tower objects to. */
export interface ControlFinding {
  /** Such as `CT.S3.PR.9`. */
  readonly control: string;
  /** Logical id of the resource. */
  readonly resource: string;
  readonly why: string;
}

interface Rule {
  readonly file: string;
  readonly about: readonly string[];
}

const PACK = join(
  dirname(createRequire(import.meta.url).resolve("@cdklabs/cdk-validator-cfnguard/package.json")),
  "rules/control-tower",
);

/** Every rule of the pack, with the types of resources that it is about. */
const RULES: readonly Rule[] = readdirSync(join(PACK, "cfn-guard"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".guard"))
  .map((name) => {
    const metadata = join(PACK, "metadata", name.replace(/\.guard$/, ".metadata.json"));
    const { EvaluatedResourceTypes } = JSON.parse(readFileSync(metadata, "utf8")) as Record<string, string[]>;
    return { file: join(PACK, "cfn-guard", name), about: EvaluatedResourceTypes ?? [] };
  });

/** The controls that are about resources of a stack, by their files' names, such as `ct-s3-pr-9`. */
export const controlsAbout = (stack: Stack): string[] => rulesAbout(templateOf(stack)).map(({ file }) => nameOf(file));

/**
 * Runs the guard rules of AWS Control Tower's proactive controls, which judge a deployment in an account under Control Tower,
 * over a stack's template.
 *
 * @returns findings that are acknowledged nowhere
 */
export function controlFindings(stack: Stack): ControlFinding[] {
  const found = findingsIn(templateOf(stack));
  const elements = new Map<string, IConstruct>(
    stack.node
      .findAll()
      .flatMap((element) => (isElement(element) ? [[stack.resolve(element.logicalId) as string, element]] : [])),
  );
  return found.filter(({ control, resource }) => {
    const above = elements.get(resource)?.node.scopes ?? [];
    return !above.some((scope) => rulesAcknowledgedAt(scope).includes(control));
  });
}

/** What the rules find in a template, whether or not it is acknowledged. */
export function findingsIn(template: object): ControlFinding[] {
  const folder = mkdtempSync(join(tmpdir(), "countersign-guard-"));
  try {
    const file = join(folder, "template.json");
    writeFileSync(file, JSON.stringify(resolvedTemplate(template)));
    const guard = new CfnGuardValidator({
      controlTowerRulesEnabled: false,
      rules: rulesAbout(template).map(({ file }) => file),
      maxBuffer: 256 * 1024 * 1024,
    });
    const { violations } = guard.validate({ templatePaths: [file] } as Parameters<typeof guard.validate>[0]);
    return violations.flatMap(({ description, fix, violatingResources }) =>
      // Where a rule goes on in others, their places have no resource.
      violatingResources.flatMap(({ resourceLogicalId: resource }) =>
        resource === undefined ? [] : [{ control: controlOf(description), resource, why: fix ?? description }],
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const nameOf = (file: string) => basename(file, ".guard");

const templateOf = (stack: Stack): object => Template.fromStack(stack).toJSON();

function rulesAbout(template: object): Rule[] {
  const { Resources = {} } = template as { Resources?: Record<string, { Type: string }> };
  const types = new Set(Object.values(Resources).map(({ Type }) => Type));
  return RULES.filter(({ about }) => about.some((type) => types.has(type)));
}

/** A rule says which control it is in the first words of its message: `[CT.S3.PR.9]: Require …`. */
function controlOf(description: string): string {
  const control = /\[(CT\.[A-Z0-9.-]+)\]/.exec(description)?.[1];
  if (control === undefined) throw new Error(`A guard rule names no control: ${description}`);
  return control;
}

const isElement = (construct: IConstruct): construct is CfnElement =>
  "logicalId" in construct && !Stack.isStack(construct);
