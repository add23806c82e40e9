import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roleSessionOf } from "../../../lambdas/domain/upstream/role-session.ts";

const LAMBDA = { service: "lambda", resource: "arn:aws:lambda:eu-central-1:123456789012:function:files" } as const;
const sessionOf = (id: string, person: string | null = null) =>
  roleSessionOf({ id, kind: "user", person }, "files", LAMBDA);

describe("the session of a role", () => {
  test("is named for a person by the verified claim, for a job by what its principal is made of", () => {
    expect(sessionOf("company|00u7", "anna@example.com")).toMatchObject({
      name: expect.stringMatching(/^anna@example\.com\.[0-9a-f]{16}$/),
      sourceIdentity: "anna@example.com",
    });
    const job = sessionOf("github|acme/app:deploy:9911:55001");
    expect(job.name).toMatch(/^acme-app-deploy-9911-55001\.[0-9a-f]{16}$/);
    expect(job.sourceIdentity).toBe(job.name);
    expect(job.tags["countersign:principal"]).toBe("acme/app:deploy:9911:55001");
  });

  test("principals that look alike once IAM can write them have different names", () => {
    const names = ["a|x/y", "a|x y", "a|x-y", "b|x-y"].map((id) => sessionOf(id).name);
    expect(new Set(names).size).toBe(4);
  });

  test("keeps to what IAM takes, whoever the principal is", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(text, fc.option(text), (subject, person) => {
        const { name, sourceIdentity, tags, policy } = sessionOf(`company|${subject}`, person);
        for (const written of [name, sourceIdentity]) expect(written).toMatch(/^[\w+=,.@-]{2,64}$/);
        for (const [key, value] of Object.entries(tags)) {
          expect(key).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u);
          expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u);
          expect(value.length).toBeLessThanOrEqual(256);
        }
        expect(policy.length).toBeLessThan(2048);
      }),
    );
  });

  test("may reach its server alone: for a Lambda URL by both of the rights that it asks for", () => {
    const [statement] = (JSON.parse(sessionOf("c|a").policy) as { Statement: unknown[] }).Statement;
    expect(statement).toEqual({
      Effect: "Allow",
      Action: ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"],
      Resource: [LAMBDA.resource],
    });
  });
});
