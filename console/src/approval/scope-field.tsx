import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { lazy, Suspense, useMemo } from "react";
import type { Scope } from "../api/api.ts";
import type { Approval } from "../api/read-approval.ts";
import { type ConstraintDraft, constraintOf, constraintProblem } from "../app/constraint-draft.ts";
import { leavesOf } from "./leaves.ts";

// Few approvals set limits, and its lists are large.
const ConstraintField = lazy(() => import("../app/constraint-field.tsx"));

/** How far an approval reaches, while it is still being written. */
export interface ScopeDraft {
  readonly kind: Scope["kind"];
  readonly minutes: string;
  readonly arguments: "same" | "any";
  readonly constraint: readonly ConstraintDraft[];
}

export type ScopeProblems = { readonly minutes?: string; readonly constraint?: string };

export const CALL_ONLY: ScopeDraft = { kind: "call", minutes: "15", arguments: "same", constraint: [] };

/** What is wrong, by field; empty when nothing is. */
export function scopeProblems(draft: ScopeDraft, { maxMinutes }: Approval["scopes"]): ScopeProblems {
  if (draft.kind !== "minutes") return {};
  const minutes = Number(draft.minutes);
  const most = maxMinutes ?? 0;
  const constraint = draft.arguments === "any" ? constraintProblem(draft.constraint) : "";
  return {
    ...(Number.isInteger(minutes) && minutes >= 1 && minutes <= most
      ? {}
      : { minutes: `Give a whole number of minutes, from 1 to ${most}.` }),
    ...(constraint === "" ? {} : { constraint }),
  };
}

export function scopeOf(draft: ScopeDraft): Scope {
  if (draft.kind !== "minutes") return { kind: draft.kind };
  const scope = { kind: "minutes", minutes: Number(draft.minutes), arguments: draft.arguments } as const;
  if (draft.arguments === "same" || draft.constraint.length === 0) return scope;
  return { ...scope, constraint: constraintOf(draft.constraint) };
}

interface ScopeFieldProps {
  readonly approval: Approval;
  readonly draft: ScopeDraft;
  readonly problems: ScopeProblems;
  readonly onChange: (draft: ScopeDraft) => void;
}

/** How far an approval reaches: this call, its session, or some minutes. */
export function ScopeField({ approval, draft, problems, onChange }: ScopeFieldProps) {
  const { access, scopes } = approval;
  const leaves = useMemo(() => leavesOf(approval.arguments), [approval.arguments]);
  const kinds = [
    { value: "call", label: access ? `As asked, for ${access.minutes} minutes` : "This call only" },
    ...(scopes.session
      ? [{ value: "session", label: "This session", description: "Every call of this tool until the session ends" }]
      : []),
    ...(scopes.maxMinutes === null
      ? []
      : [
          {
            value: "minutes",
            label: access ? "For less" : "For some minutes",
            description: `At most ${scopes.maxMinutes}`,
          },
        ]),
  ] as const;
  if (kinds.length === 1) return null;
  return (
    <>
      <FormField label="What you approve" stretch>
        <RadioGroup
          value={draft.kind}
          items={[...kinds]}
          onChange={({ detail }) =>
            // Access asked for ahead has no arguments yet that could stay the same.
            onChange({ ...draft, kind: kindOf(detail.value), ...(access && { arguments: "any" }) })
          }
        />
      </FormField>
      {draft.kind === "minutes" && (
        <>
          <FormField
            label="Minutes"
            description="It ends by itself; you can end it earlier under Access."
            errorText={problems.minutes}
            i18nStrings={{ errorIconAriaLabel: "Error" }}
          >
            <Input
              type="number"
              inputMode="numeric"
              value={draft.minutes}
              onChange={({ detail }) => onChange({ ...draft, minutes: detail.value })}
            />
          </FormField>
          {!access && (
            <FormField label="Arguments" stretch>
              <RadioGroup
                value={draft.arguments}
                items={[
                  { value: "same", label: "The same arguments as this call" },
                  { value: "any", label: "Any arguments", description: "Within limits, if you set some" },
                ]}
                onChange={({ detail }) => onChange({ ...draft, arguments: detail.value === "any" ? "any" : "same" })}
              />
            </FormField>
          )}
          {draft.arguments === "any" && (
            <Suspense fallback={<p role="status">Loading…</p>}>
              <ConstraintField
                value={draft.constraint}
                leaves={leaves}
                problem={problems.constraint ?? ""}
                onChange={(constraint) => onChange({ ...draft, constraint })}
              />
            </Suspense>
          )}
        </>
      )}
    </>
  );
}

const kindOf = (value: string): Scope["kind"] => (value === "session" || value === "minutes" ? value : "call");
