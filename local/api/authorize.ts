import type { APIGatewayAuthorizerResult } from "aws-lambda";

export type Verdict =
  | { readonly kind: "allow"; readonly context: Readonly<Record<string, string>> }
  | { readonly kind: "unauthorized" }
  | { readonly kind: "denied"; readonly context: Readonly<Record<string, string>> }
  | { readonly kind: "failed" };

/** Runs a Lambda authorizer and reads its answer as API Gateway does: thrown "Unauthorized" is 401, a Deny 403, any other failure 500. */
export async function authorize(
  answer: () => Promise<APIGatewayAuthorizerResult>,
  methodArn: string,
): Promise<Verdict> {
  let result: APIGatewayAuthorizerResult;
  try {
    result = await answer();
  } catch (cause) {
    return cause instanceof Error && cause.message === "Unauthorized" ? { kind: "unauthorized" } : { kind: "failed" };
  }
  const effects = result.policyDocument.Statement.filter(
    (statement) => "Resource" in statement && covers(statement.Resource, methodArn),
  );
  const says = (effect: string) => effects.some((statement) => statement.Effect === effect);
  // API Gateway hands every value of the context on as a text.
  const context = Object.fromEntries(
    Object.entries(result.context ?? {}).map(([name, value]) => [name, String(value)]),
  );
  if (says("Deny") || !says("Allow")) return { kind: "denied", context };
  return { kind: "allow", context: { ...context, principalId: result.principalId } };
}

function covers(resource: unknown, methodArn: string): boolean {
  return [resource].flat().some((pattern) => {
    const parts = String(pattern)
      .split("*")
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(methodArn);
  });
}
