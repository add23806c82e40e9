import { describe, expect, test } from "vitest";
import { type Fact, storyOf } from "../../../lambdas/domain/evidence/story.ts";
import { sessionsOf } from "../../../lambdas/domain/evidence/story-selection.ts";
import { BEGAN, bodyWith, recordMaker, someApproval, somebody } from "../../support/records.ts";

const factOf = (facts: readonly Fact[] | undefined, label: string) => facts?.find((fact) => fact.label === label)?.text;

describe("a story", () => {
  test("tells steps in the order in which they happened, whatever order the records come in", () => {
    const make = recordMaker();
    const records = [make({}), make({ type: "call.completed", outcome: "ok" }), make({ call: "call-2" })];
    const { steps, from, until } = storyOf("session-1", [...records].reverse(), new Map());
    expect(steps.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(steps.map(({ gap }) => gap)).toEqual([0, 1000, 1000]);
    expect([from, until]).toEqual([records[0]?.occurredAt, records[2]?.occurredAt]);
  });

  test("tells a clock that jumped back without a pause before time", () => {
    const make = recordMaker();
    const late = make({});
    const early = make({ occurredAt: new Date(BEGAN - 5000).toISOString() });
    const { steps } = storyOf("s", [late, early], new Map());
    expect(steps.map(({ id, gap }) => [id, gap])).toEqual([
      [early.id, 0],
      [late.id, 5000],
    ]);
  });

  test("tells who asked, who decided, why, and how long it took", () => {
    const make = recordMaker();
    const approval = someApproval({ verdict: "approve", by: "Alex", reason: "needed", waitedMs: 61_500, attempt: 2 });
    const record = make({ type: "approval.decided", outcome: "approved", approval, risks: ["iam-change"] });
    const [step] = storyOf("s", [record], new Map()).steps;
    expect(factOf(step?.facts, "approval")).toBe(
      "approval-1, attempt 2 of group platform: approve by Alex (needed), 61.5 s after it was asked",
    );
    expect(factOf(step?.facts, "decision")).toBe("allow by p; risks: iam-change");
    expect(step?.tone).toBe("good");
  });

  test("tells a body that is kept apart, what is masked in it, and one that could not be had", () => {
    const make = recordMaker();
    const findings = [{ kind: "EMAIL_ADDRESS", pointer: "/a", start: 0, length: 3, tag: "t" }];
    const record = make({
      request: bodyWith(null, { key: "bodies/one", findings, findingCount: 30 }),
      response: bodyWith(null, { key: "bodies/two" }),
    });
    const bodies = new Map([["bodies/one", { text: "the whole of it" }]]);
    const [step] = storyOf("s", [record], bodies).steps;
    expect(factOf(step?.facts, "request")).toBe("the whole of it");
    expect(factOf(step?.facts, "masked")).toBe("30: EMAIL_ADDRESS");
    expect(factOf(step?.facts, "response")).toContain("bodies/two, which was not read");
  });

  test("names every one who called, once", () => {
    const make = recordMaker();
    const other = somebody("ci", { kind: "workload", client: "" });
    const records = [make({}), make({}), make({ principal: other })];
    expect(storyOf("s", records, new Map()).principals).toEqual([
      "dana (user local|dana) by client cli",
      "ci (workload local|ci) by client unknown",
    ]);
  });
});

describe("the sessions that are told", () => {
  const make = recordMaker();
  const [one, two, three] = [
    make({}),
    make({ session: "session-2", call: "call-2", principal: somebody("eve") }),
    make({ session: "session-2", call: "call-2", type: "approval.requested", approval: someApproval() }),
  ];
  const all = [three, two, one, one];
  const names = (selection: Parameters<typeof sessionsOf>[1]) => [...sessionsOf(all, selection).keys()];

  test.each([
    ["a session", { id: "session-2" }, ["session-2"]],
    ["a call", { id: "call-1" }, ["session-1"]],
    ["an approval", { id: "approval-1" }, ["session-2"]],
    ["a record", { id: one.id }, ["session-1"]],
    ["a principal", { principal: "local|eve" }, ["session-2"]],
    ["an approval by its option", { approval: "approval-1" }, ["session-2"]],
    ["a time", { until: BEGAN + 1000 }, ["session-1"]],
    ["all, in the order of their beginning", {}, ["session-1", "session-2"]],
    ["two things that do not fit together", { id: "session-1", principal: "local|eve" }, []],
  ])("are found by %s", (_, selection, sessions) => {
    expect(names(selection)).toEqual(sessions);
  });

  test("hold each record once, and none of another time", () => {
    expect(sessionsOf(all, { id: "session-1" }).get("session-1")).toEqual([one]);
    expect(sessionsOf(all, { since: BEGAN + 2000 }).get("session-2")).toEqual([three]);
  });
});
