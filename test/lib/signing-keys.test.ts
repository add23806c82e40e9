import { describe, expect, test } from "vitest";
import { configWith, resource, resourcesOf, statementsOf, synthesize } from "./template.ts";

const { evidence, gateway } = synthesize(configWith({ "\nretention:": "\nsigningKeys: 3\n\nretention:" }));
const functionOf = (name: string) => resource(gateway, "AWS::Lambda::Function", name).Properties;
const environmentOf = (name: string) =>
  (functionOf(name).Environment as { readonly Variables: Readonly<Record<string, unknown>> }).Variables;

/** Which signing key a value refers to: the end of the name that the evidence stack exports it under. */
const keysIn = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/(SigningKey\d?)[0-9A-F]{8}/g)].map(([, key]) => key);

describe("a deployment whose signing key was replaced twice", () => {
  test("keeps the keys that signed before, and makes none that others may sign with", () => {
    const keys = Object.values(resourcesOf(evidence, "AWS::KMS::Key")).filter(
      ({ Properties }) => Properties.KeyUsage === "SIGN_VERIFY",
    );
    expect(keys).toHaveLength(3);
    for (const { Properties, DeletionPolicy } of keys) {
      expect(DeletionPolicy).toBe("Retain");
      const denied = statementsOf(Properties.KeyPolicy).filter(({ Effect }) => Effect === "Deny");
      expect(denied.find(({ Sid }) => Sid === "OnlyTheWritersSign")).toMatchObject({ Action: "kms:Sign" });
    }
  });

  test("signs with the last one, and the digester alone is told of the others", () => {
    for (const name of ["GatewayPrivate", "Audit", "Digester"])
      expect(keysIn(environmentOf(name).SIGNING_KEY_ARN), name).toEqual(["SigningKey3"]);
    expect(keysIn(environmentOf("Digester").FORMER_SIGNING_KEY_ARNS)).toEqual(["SigningKey", "SigningKey2"]);
    expect(environmentOf("Audit")).not.toHaveProperty("FORMER_SIGNING_KEY_ARNS");
  });

  test("lets the digester ask for the public halves of the others, and nobody sign with them", () => {
    const rights = Object.values({
      ...resourcesOf(gateway, "AWS::IAM::Policy"),
      ...resourcesOf(gateway, "AWS::IAM::ManagedPolicy"),
    }).flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument));
    const signs = rights.filter(({ Action }) => [Action].flat().includes("kms:Sign"));
    expect(new Set(signs.flatMap(({ Resource }) => keysIn(Resource)))).toEqual(new Set(["SigningKey3"]));
    const asks = rights.filter(({ Action }) => [Action].flat().includes("kms:GetPublicKey"));
    expect(asks.flatMap(({ Resource }) => keysIn(Resource)).sort()).toEqual([
      "SigningKey",
      "SigningKey2",
      "SigningKey3",
    ]);
  });
});
