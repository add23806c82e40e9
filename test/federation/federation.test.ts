import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InboundFederationTriggerEvent, PreTokenGenerationV2TriggerEvent } from "aws-lambda";
import { afterAll, describe, expect, test } from "vitest";
import { createFederation } from "../../lambdas/federation/federation.ts";
import { configSchema } from "../../lib/config/schema.ts";
import { invocation } from "../../local/api/functions.ts";
import { EMAIL, SAML, withSaml } from "../lib/saml-config.ts";
import { beforeTokens, DANA, inbound } from "./events.ts";

const folder = mkdtempSync(join(tmpdir(), "federation-"));
afterAll(() => rmSync(folder, { recursive: true }));

function federation(saml: object | null = SAML) {
  const config = saml === null ? withSaml() : configSchema.parse(withSaml(saml));
  const file = join(folder, "settings.json");
  writeFileSync(file, JSON.stringify({ config: saml === null ? { ...config, identity: { issuers: [] } } : config }));
  const handler = createFederation({ SETTINGS_FILE: file });
  return {
    handler,
    /** What is kept of an assertion. */
    async kept(samlResponse: object, provider?: string): Promise<Record<string, string>> {
      const answer = await handler(inbound(samlResponse, provider), invocation("federation", 5));
      return (answer as InboundFederationTriggerEvent).response.userAttributesToMap;
    },
    /** The claims that tokens get. */
    async claims(event: PreTokenGenerationV2TriggerEvent) {
      const answer = await handler(event, invocation("federation", 5));
      return (answer as PreTokenGenerationV2TriggerEvent).response.claimsAndScopeOverrideDetails;
    },
  };
}

const { kept, claims } = federation();
const groupsOf = async (groups: unknown, saml?: object) => {
  const text = (await federation(saml).kept({ ...DANA, groups })).countersign ?? "";
  return (JSON.parse(text) as { groups: string[] }).groups;
};

describe("what is kept of an assertion", () => {
  test("is one text, by its mapped name and by the pool's own, and nothing else", async () => {
    const text = JSON.stringify({
      person: "Dana@example.com",
      name: "Dana Developer",
      groups: ["developers", "approvers"],
    });
    expect(await kept({ ...DANA, department: "Engineering" })).toEqual({
      countersign: text,
      "custom:countersign": text,
    });
  });

  test("is never nothing: Cognito would keep the groups of the sign-in before", async () => {
    for (const groups of [undefined, "", "[]", "strangers"]) {
      const text = (await kept({ ...DANA, groups })).countersign ?? "";
      expect(JSON.parse(text)).toMatchObject({ groups: [] });
    }
  });

  test.each<[string, unknown]>([
    ["in brackets", "[developers, auditors]"],
    ["with commas alone", "developers,auditors"],
    ["as a list", ["developers", "auditors"]],
    [
      "among hundreds of others",
      `[${Array.from({ length: 500 }, (_, n) => `group-${n}`).join(", ")}, developers, auditors]`,
    ],
  ])("has the groups that the configuration names, %s", async (_, groups) => {
    expect(await groupsOf(groups)).toEqual(["developers", "auditors"]);
  });

  test("has one group that stands alone", async () => {
    expect(await groupsOf("auditors")).toEqual(["auditors"]);
  });

  test.each<[string, unknown, string[]]>([
    ["alone", "Domain Admins", ["Domain Admins"]],
    ["alone, in brackets", "[Domain Admins]", ["Domain Admins"]],
    ["among several", "[Domain+Admins, strangers]", ["Domain Admins"]],
    ["among several, with commas alone", "strangers,Domain+Admins,R%26D%3A+all", ["Domain Admins", "R&D: all"]],
    ["among several that are not encoded", ["strangers", "Domain Admins"], ["Domain Admins"]],
    ["not where another's name alone is the encoded one", "Domain+Admins", []],
    ["not where another's name among several is the encoded one", "[Domain%2BAdmins, strangers]", []],
  ])("has a group with a separator in its name by its plain name: %s", async (_, groups, kept) => {
    const groupNames = { "Domain Admins": "administrators", "R&D: all": "developers" };
    expect(await groupsOf(groups, { ...SAML, groupNames })).toEqual(kept);
  });

  test("cannot be told from several where one group has a comma in its name, which is not defended", async () => {
    expect(await groupsOf("lunch,administrators")).toEqual(["administrators"]);
    expect(readFileSync("docs/threat-model.md", "utf8").split("## What is not defended")[1]).toContain(
      "`lunch,administrators`",
    );
  });

  test.each(["Developers", "developers%20", "administrator%73", "x;administrators", "[administrators", "__proto__"])(
    "has no group for what is only like one: %s",
    async (groups) => {
      expect(await groupsOf(groups)).toEqual([]);
    },
  );

  test("has the provider's names where they are given ours, for the authorizer to translate", async () => {
    const saml = { ...SAML, groupNames: { "1c5d2f1e-9a0c": "developers", "Domain+Admins": "administrators" } };
    expect(await groupsOf("[Domain+Admins, 1c5d2f1e-9a0c, administrators]", saml)).toEqual([
      "1c5d2f1e-9a0c",
      "Domain+Admins",
    ]);
  });

  test.each<[string, object]>([
    ["without the person", { ...DANA, [EMAIL]: undefined }],
    ["with an empty one", { ...DANA, [EMAIL]: "" }],
    ["with two", { ...DANA, [EMAIL]: "[dana@example.com, root@example.com]" }],
    ["with one that is inherited", { attributes: "constructor" }],
  ])("an assertion %s signs nobody in", async (_, samlResponse) => {
    await expect(kept(samlResponse)).rejects.toThrow(`the SAML assertion has not one value of ${EMAIL}`);
  });

  test("another provider's assertion signs nobody in", async () => {
    await expect(kept(DANA, "partners")).rejects.toThrow("this provider is not configured");
  });

  test("groups that no attribute holds are too many, which is said", async () => {
    const groupNames = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`object-id-${n}`, "developers"]));
    await expect(
      federation({ ...SAML, groupNames }).kept({ ...DANA, groups: Object.keys(groupNames).join(",") }),
    ).rejects.toThrow(/too many/);
  });
});

describe("tokens", () => {
  const carried = JSON.stringify({ person: "Dana@example.com", name: "Dana", groups: ["developers"] });

  test.each(["TokenGeneration_HostedAuth", "TokenGeneration_RefreshTokens"])(
    "say what was asserted: %s",
    async (triggerSource) => {
      expect(await claims(beforeTokens(carried, { triggerSource }))).toEqual({
        idTokenGeneration: { claimsToAddOrOverride: { name: "Dana" }, claimsToSuppress: ["custom:countersign"] },
        accessTokenGeneration: {
          claimsToAddOrOverride: { groups: ["developers"], person: "Dana@example.com", display_name: "Dana" },
        },
      });
    },
  );

  test.each<[string, PreTokenGenerationV2TriggerEvent]>([
    ["whom no provider asserted", beforeTokens(undefined)],
    ["with an empty attribute", beforeTokens("")],
    ["who has a password in the pool", beforeTokens(carried, {}, "CONFIRMED")],
    ["who signed in past the pages", beforeTokens(carried, { triggerSource: "TokenGeneration_Authentication" })],
    [
      "with a password that an administrator gave",
      beforeTokens(carried, { triggerSource: "TokenGeneration_NewPasswordChallenge" }),
    ],
  ])("are not made for somebody %s", async (_, event) => {
    await expect(claims(event)).rejects.toMatchObject({ code: "token_invalid" });
  });
});

test("a deployment without a SAML provider has no use for it, and is told so", () => {
  expect(() => federation(null)).toThrow("names no SAML provider");
});
