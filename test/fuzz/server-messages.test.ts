import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { policyEngine } from "../../lambdas/domain/policy/engine.ts";
import type { UpstreamRequest } from "../../lambdas/domain/upstream/answer.ts";
import { release } from "../../lambdas/gateway/release.ts";
import { loadPolicies } from "../../lib/config/policies.ts";
import { allOf, exchangeCall, exchangeHouse, serverAnswer } from "../gateway/support/one-exchange.ts";
import { memberName } from "./support/json-text.ts";
import { runs } from "./support/runs.ts";

const KEY = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";

/** What is named `closed` is forbidden, so policy looks at every method, name and address. */
const POLICIES = [
  "permit (principal, action, resource);",
  'forbid (principal, action, resource) when { context.method like "*closed*" };',
  'forbid (principal, action, resource is Resource) when { resource.uri like "*closed*" };',
  'forbid (principal, action, resource is Prompt) when { resource.name like "*closed*" };',
  'forbid (principal, action == Action::"call", resource) when { context.arguments.hasTag("/who") && context.arguments.getTag("/who") like "*closed*" };',
];
const { schema } = loadPolicies("config/policies", ["platform", "security"]);
const engine = policyEngine({
  schema,
  policies: POLICIES.map((text, at) => ({ id: `p${at}`, text: `@id("p${at}") ${text}`, annotations: {} })),
  digest: "fuzz",
});

const SHORT = ["closed", "a", "/", " ", "\ud800", "\udc00x", "😀", "\u0000", "\u2028", KEY, "ada@example.com"];
/** What a server may name something: with half surrogate pairs, secrets, and far longer than anybody reads. */
const odd = fc
  .array(
    fc.oneof(
      { weight: 200, arbitrary: fc.constantFrom(...SHORT) },
      { weight: 100, arbitrary: fc.string({ unit: "binary", maxLength: 3 }) },
      { weight: 20, arbitrary: fc.constantFrom("y".repeat(300), "\ud83d".repeat(1000)) },
      fc.constant("z".repeat(450_000)),
    ),
    { maxLength: 4 },
  )
  // A secret with letters glued to it is none.
  .map((parts) => parts.join(" "));
const method = fc.oneof(
  odd,
  fc.constantFrom("sampling/createMessage", "notifications/message", "notifications/resources/updated", "ping"),
  odd.map((name) => `notifications/${name}`),
);
const data = fc
  .array(fc.tuple(fc.oneof(odd, memberName), odd), { maxLength: 3 })
  .map((members) => Object.fromEntries(members));
const params = fc.record({ uri: odd, who: odd, data, _meta: data }, { requiredKeys: [] });
const asked = fc.dictionary(fc.constantFrom("a", "b", "\udc00"), fc.record({ method, params }), { maxKeys: 2 });

const rpc = (message: object) => JSON.stringify({ jsonrpc: "2.0", ...message });
const notice = fc.record({ method, params }).map(rpc);
const request = fc.record({ id: fc.oneof(fc.nat(), odd), method, params }).map(rpc);
const items = fc.array(fc.record({ name: odd, uri: odd, description: odd }), { maxLength: 3 });
const result = fc.oneof(
  data,
  items.map((prompts) => ({ prompts })),
  items.map((resources) => ({ resources })),
  asked.map((inputRequests) => ({ resultType: "input_required", inputRequests })),
);
const response = fc.oneof(
  result.map((value) => rpc({ id: 5, result: value })),
  fc.record({ code: fc.integer(), message: odd, data }).map((error) => rpc({ id: 5, error })),
);
const called = fc.record({
  era: fc.constantFrom("modern" as const, "legacy" as const),
  method: fc.constantFrom("prompts/get", "prompts/list", "resources/list", "tools/call", "no/such"),
});

describe("whatever a server names things", () => {
  test("its answer has one outcome on record, no operator is told of it, and no secret leaves in our own words", async () => {
    await fc.assert(
      fc.asyncProperty(
        called,
        fc.array(fc.oneof(notice, request), { maxLength: 4 }),
        response,
        async (how, said, last) => {
          const told: string[] = [];
          const send = async ({ body = "" }: UpstreamRequest) => {
            told.push(body);
            return serverAnswer("json");
          };
          const { house, records, failures } = exchangeHouse({ engine, send });
          const messages = await allOf(release(exchangeCall(how), serverAnswer("stream", said, [last]), house));
          expect(failures).toEqual([]);
          expect(records.map(({ type }) => type).filter((type) => type === "call.completed")).toHaveLength(1);
          expect(records.at(-1)?.type).toBe("call.completed");
          for (const record of records) {
            expect(record.reason?.length ?? 0).toBeLessThan(1000);
            expect(record.method?.length ?? 0).toBeLessThanOrEqual(256);
            const { response: body, ...ours } = record;
            expect(JSON.stringify(ours)).not.toMatch(/ghp_16C7|ada@example/);
            expect(JSON.stringify(body?.findings ?? [])).not.toMatch(/ghp_16C7|ada@example/);
          }
          // The server's own id comes back to it as it was.
          for (const body of told) expect(JSON.parse(body).error.message).not.toMatch(/ghp_16C7|ada@example/);
          const final = JSON.parse(messages.at(-1)?.text ?? "");
          expect(final.id).toBe(5);
          const own = final.error?.message ?? final.result?.content?.[0]?.text ?? "";
          expect(own).not.toMatch(/ghp_16C7|ada@example/);
        },
      ),
      runs(600),
    );
  });
});
