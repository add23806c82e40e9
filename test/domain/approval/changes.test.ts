import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordsOfChange } from "../../../lambdas/domain/approval/changes.ts";
import { mailOf } from "../../../lambdas/domain/approval/mail.ts";
import { approval, decisionOf } from "../../support/samples.ts";

describe("the records of a change", () => {
  const types = (...args: Parameters<typeof recordsOfChange>) => recordsOfChange(...args).map((record) => record.type);
  const first = decisionOf("a");
  test.each([
    ["a new approval", undefined, approval(), ["approval.requested"]],
    ["a first of two decisions", approval(), approval({ decisions: [first] }), ["approval.decided"]],
    ["a token that is stored", approval(), approval({ taskToken: "t" }), []],
    ["an escalation", approval(), approval({ escalatedTo: "security" }), ["approval.escalated"]],
    ["an expiry", approval(), approval({ status: "EXPIRED" }), ["approval.expired"]],
    ["a start", approval({ status: "APPROVED" }), approval({ status: "EXECUTING" }), ["approval.consumed"]],
    ["an end", approval({ status: "EXECUTING" }), approval({ status: "COMPLETED" }), []],
  ])("%s", (_, before, after, expected) => {
    expect(types(before, after, 9000)).toEqual(expected);
  });

  test("a withdrawal says by whom and why; a review is acknowledged and not approved", () => {
    const withdrawn = { by: "Dana", reason: "not any more", at: 3000 };
    expect(recordsOfChange(approval(), approval({ status: "WITHDRAWN", withdrawn }), 9000)).toMatchObject([
      {
        type: "approval.withdrawn",
        occurredAt: "1970-01-01T00:00:03.000Z",
        approval: { by: "Dana", reason: "not any more" },
      },
    ]);
    const reviewed = approval({ kind: "review", status: "APPROVED", decisions: [first], decidedAt: 2000 });
    expect(recordsOfChange(approval({ kind: "review" }), reviewed, 9000)).toMatchObject([{ outcome: "acknowledged" }]);
  });

  test("an approval for some minutes creates a grant, once, and the record names it", () => {
    const scope = { kind: "minutes", minutes: 10, arguments: "any", constraint: [] } as const;
    const given = { decisions: [{ ...first, scope }], decidedAt: 2000 };
    const records = recordsOfChange(approval(), approval({ status: "APPROVED", ...given }), 9000);
    expect(records.map(({ type }) => type)).toEqual(["approval.decided", "grant.created"]);
    expect(records[1]).toMatchObject({
      occurredAt: "1970-01-01T00:00:02.000Z",
      grant: { id: approval().id, approval: approval().id, expiresAt: "1970-01-01T00:10:02.000Z" },
    });
    const back = [approval({ status: "EXECUTING", ...given }), approval({ status: "APPROVED", ...given })] as const;
    expect(types(...back, 9000), "a call that left no byte is approved again").toEqual([]);
  });

  test("a decision says who, why, what was shown, and how long it took", () => {
    const [record] = recordsOfChange(
      approval(),
      approval({ status: "DENIED", decisions: [decisionOf("a", "deny", 4000)] }),
      9000,
    );
    expect(record).toMatchObject({
      outcome: "denied",
      occurredAt: "1970-01-01T00:00:04.000Z",
      approval: { verdict: "deny", by: "a", reason: "because", rendered: "0".repeat(64), waitedMs: 3000 },
    });
  });
});

describe("the mail", () => {
  test("names who, what, risk, until when, and where to decide", () => {
    const { subject, message } = mailOf(approval());
    expect(subject).toBe("Approval needed: ops create_role");
    expect(message).toContain("company|developer");
    expect(message).toContain("1970-01-01T00:00:10.000Z");
    expect(message).toContain("https://gateway.example.com/console/#/approvals/abcdefghijklmnopqrstuvwxyz");
  });

  test("whatever a caller named things, the subject is one short line of ASCII and the only link is ours", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.webUrl(), (text, url) => {
        const requester = { ...approval().requester, id: `${url}${text}` };
        const { subject, message } = mailOf(approval({ target: `${text}${url}`, server: url, requester }));
        expect(subject).toMatch(/^[ -~]{1,99}$/);
        expect(message.match(/:\/\//g)).toHaveLength(1);
        expect(
          message.replace("https://gateway.example.com/console/#/approvals/", "").replace(/\d{4}-\S+Z/, ""),
        ).not.toMatch(/\w\.\w/);
      }),
    );
  });
});
