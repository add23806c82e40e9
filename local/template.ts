/** A resource of a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A synthesized template, as far as the local stack reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly [section: string]: unknown;
}

/** Resources of a type, with their logical ids. */
export const resourcesOf = ({ Resources }: Template, type: string): [string, TemplateResource][] =>
  Object.entries(Resources).filter(([, resource]) => resource.Type === type);

/**
 * The template without what the emulator cannot make: event source mappings would call Docker inside a put, and the
 * rest is played by the local front.
 *
 * @param names what references to dropped resources become, by logical id
 */
export function forEmulator(template: Template, names: Readonly<Record<string, string>>): Template {
  const dropped = (id: string, { Type }: TemplateResource) =>
    id in names || DROPPED.some((prefix) => Type.startsWith(prefix));
  const kept = Object.entries(template.Resources).filter(([id, resource]) => !dropped(id, resource));
  const Resources = Object.fromEntries(kept.map(([id, resource]) => [id, withoutCode(resource)]));
  const { Rules: _, Parameters: __, Outputs = {}, ...rest } = template;
  const outputs = Object.entries(Outputs as object).filter(([, output]) => refersOnlyTo(output, Resources, names));
  return replaceReferences({ ...rest, Resources, Outputs: Object.fromEntries(outputs) }, names) as Template;
}

/** Whether an output names nothing that was dropped. */
const refersOnlyTo = (
  output: unknown,
  kept: Readonly<Record<string, unknown>>,
  names: Readonly<Record<string, string>>,
) =>
  [...JSON.stringify(output).matchAll(/"(?:Ref":"|Fn::GetAtt":\[")(\w+)"/g)].every(
    ([, id = ""]) => id in kept || id in names,
  );

/** Functions run in this process; the emulator only keeps their environment and wants some code for it. */
const withoutCode = (resource: TemplateResource): TemplateResource =>
  resource.Type === "AWS::Lambda::Function"
    ? { ...resource, Properties: { ...resource.Properties, Code: { ZipFile: "// runs locally" } } }
    : resource;

const DROPPED = [
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Permission",
  "AWS::Logs::SubscriptionFilter",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Events::Rule",
  "AWS::CloudTrail::",
  "AWS::ApiGateway::",
  "AWS::WAFv2::",
  "AWS::Backup::",
  "AWS::Glue::",
  "AWS::Athena::",
  "AWS::S3::BucketPolicy",
  "AWS::SecretsManager::",
];

function replaceReferences(value: unknown, names: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((entry) => replaceReferences(entry, names));
  if (typeof value !== "object" || value === null) return value;
  const { Ref: ref, "Fn::GetAtt": attribute } = value as { Ref?: unknown; "Fn::GetAtt"?: readonly unknown[] };
  if (typeof ref === "string" && ref in names) return names[ref];
  // Only ARNs are asked of what is made apart, and those are the names.
  const [owner] = Array.isArray(attribute) ? attribute : [];
  if (typeof owner === "string" && owner in names) return names[owner];
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaceReferences(entry, names)]));
}
