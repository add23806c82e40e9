import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Approval } from "../../../lambdas/domain/approval/approval.ts";
import { mailOf, summaryMail } from "../../../lambdas/domain/approval/mail.ts";
import { approval, person } from "../../support/samples.ts";

const ACCESS = { tools: ["create_role", "delete_role"], minutes: 30, constraint: [], reason: "on a ticket" } as const;

describe("the mail of an approval", () => {
  test("about a call says who, server, tool, risk, when it expires, and where to decide", () => {
    expect(mailOf(approval())).toEqual({
      subject: "Approval needed: ops create_role",
      reminderSubject: "Reminder: approval needed: ops create_role",
      message: [
        "A call waits for your approval.",
        "",
        "Who:     company|developer (user)",
        "Server:  ops",
        "Tool:    create_role",
        "Risk:    iam-change",
        "Expires: 1970-01-01T00:00:10.000Z",
        "",
        "Look at it and decide here, after signing in:",
        "https://gateway.example.com/console/#/approvals/abcdefghijklmnopqrstuvwxyz",
        "",
        "Opening the link decides nothing.",
      ].join("\n"),
    });
  });

  test("about access asked for ahead names the tools and the minutes, and not the reason", () => {
    const { subject, message } = mailOf(approval({ kind: "access", access: ACCESS, risks: [] }));
    expect(subject).toBe("Access asked for: ops create_role, delete_role");
    for (const line of ["Tool:    create_role, delete_role", "Minutes: 30", "Risk:    none"])
      expect(message.split("\n")).toContain(line);
    expect(message).not.toContain("ticket");
  });

  test("of break-glass says that the call ran, and not why", () => {
    const mail = mailOf(approval({ kind: "review", breakGlass: "the pager is on fire" }));
    expect(mail.subject).toBe("Review needed: ops create_role");
    expect(mail.message).toMatch(/^A call was run without the approval that it needs/);
    expect(JSON.stringify(mail)).not.toContain("fire");
  });

  test("names the first of many tools and counts the rest", () => {
    const tools = Array.from({ length: 40 }, (_, at) => `tool-${at}`);
    expect(mailOf(approval({ kind: "access", access: { ...ACCESS, tools } })).message).toContain(
      "Tool:    tool-0, tool-1, tool-2, tool-3, tool-4 and 35 more\n",
    );
  });

  test("holds nothing that a caller wrote freely, whatever it is: one line of ASCII as subject, one link, ours", () => {
    const wild = fc.string({ unit: "binary", maxLength: 300 });
    const mark = "http://evil.example.com\r\nBcc: all@example.com";
    fc.assert(
      fc.property(
        wild,
        fc.constantFrom<Approval["kind"]>("call", "access", "review", "reveal"),
        fc.array(wild, { minLength: 1, maxLength: 9 }),
        (text, kind, tools) => {
          const written = `${text}${mark}`;
          const row = approval({
            kind,
            target: written,
            server: written,
            requester: { ...person("dana"), id: written, name: written },
            agent: { name: written, version: written },
            description: `private-description ${mark}`,
            arguments: JSON.stringify({ text: `private-argument ${mark}` }),
            risks: [{ risk: written, pointer: `private-pointer ${mark}`, match: `private-match ${mark}` }],
            breakGlass: `private-breakGlass ${mark}`,
            access:
              kind === "access" ? { ...ACCESS, tools: [...tools, written], reason: `private-reason ${mark}` } : null,
          });
          const { subject, reminderSubject, message } = mailOf(row);
          for (const each of [subject, reminderSubject]) expect(each).toMatch(/^[ -~]{1,99}$/);
          expect(message).toMatch(/^[ -~\n]*$/);
          expect(message.match(/https?:\/\/\S+/g)).toEqual([`${row.baseUrl}/console/#/approvals/${row.id}`]);
          expect(message).not.toMatch(/evil\.example|Bcc:|@|private-/);
        },
      ),
    );
  });
});

test("the mail about many counts them and links to the inbox", () => {
  expect(summaryMail("platform", 1, "https://g.example.com").subject).toBe("1 more approval waits for platform");
  const { subject, message } = summaryMail("platform", 29, "https://g.example.com");
  expect(subject).toBe("29 more approvals wait for platform");
  expect(message.match(/https?:\/\/\S+/g)).toEqual(["https://g.example.com/console/#/"]);
});
