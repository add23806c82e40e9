/** Pseudo parameters as a deployment fills them in. */
const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::AccountId": "111122223333",
  "AWS::Partition": "aws",
  "AWS::Region": "eu-central-1",
  "AWS::StackName": "countersign",
  "AWS::URLSuffix": "amazonaws.com",
};

/**
 * A template as CloudFormation hands it to a hook: ARNs of buckets and texts that are put together at deployment are texts. Other
 * references that stand alone are kept, since rules follow them to the resource.
 */
export function resolvedTemplate(template: object): unknown {
  const { Resources = {} } = template as { Resources?: Record<string, { Type: string }> };
  const isBucket = (id: unknown) => typeof id === "string" && Resources[id]?.Type === "AWS::S3::Bucket";

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== "object" || value === null) return value;
    const { Ref: ref, "Fn::GetAtt": attribute, "Fn::Join": join } = value as Reference;
    if (typeof ref === "string" && ref in PSEUDO) return PSEUDO[ref];
    if (attribute?.[1] === "Arn" && isBucket(attribute[0])) return `arn:aws:s3:::${attribute[0].toLowerCase()}`;
    if (join !== undefined) return join[1].map((part) => named(resolve(part))).join(join[0]);
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolve(entry)]));
  };
  return resolve(template);
}

interface Reference {
  readonly Ref?: unknown;
  readonly "Fn::GetAtt"?: readonly [string, string];
  readonly "Fn::Join"?: readonly [string, readonly unknown[]];
}

/** A part of such a text: what is known only later stands there by its name. */
const named = (part: unknown): string => (typeof part === "string" ? part : JSON.stringify(part));
