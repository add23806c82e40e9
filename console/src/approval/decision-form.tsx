import Alert from "@cloudscape-design/components/alert";
import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import type { TextareaProps } from "@cloudscape-design/components/textarea";
import { useRef, useState } from "react";
import type { Scope } from "../api/api.ts";
import type { Verdict } from "../api/approval.ts";
import type { Approval } from "../api/read-approval.ts";
import { reasonProblem } from "../app/reason.ts";
import { ReasonField } from "../app/reason-field.tsx";
import { CALL_ONLY, type ScopeDraft, ScopeField, scopeOf, scopeProblems } from "./scope-field.tsx";

interface DecisionFormProps {
  readonly approval: Approval;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly busy: boolean;
  readonly revealed: boolean;
  readonly onReveal: () => void;
  readonly onDecide: (verdict: Verdict, reason: string, scope: Scope | undefined) => void;
}

/** Where the approver says yes or no, how far a yes reaches, and why. */
export function DecisionForm(props: DecisionFormProps) {
  const { approval, reason, onReason, busy, revealed, onReveal, onDecide } = props;
  const [chosen, setScope] = useState<ScopeDraft>(CALL_ONLY);
  const [tried, setTried] = useState<Verdict>();
  const field = useRef<TextareaProps.Ref>(null);
  const reveal = useRef<ButtonProps.Ref>(null);
  // What is offered may shrink while the page is open: a session ends.
  const scope = isOffered(chosen, approval.scopes) ? chosen : CALL_ONLY;
  const mustReveal = approval.revealNeeded && !revealed;
  const refused = mustReveal && tried === "approve";
  const problem = tried === undefined ? "" : reasonProblem(reason, approval.reasonRequired);
  const problems = tried === "approve" ? scopeProblems(scope, approval.scopes) : {};

  const submit = (verdict: Verdict) => {
    setTried(verdict);
    if (verdict === "approve" && mustReveal) return reveal.current?.focus();
    if (reasonProblem(reason, approval.reasonRequired) !== "") return field.current?.focus();
    if (verdict === "approve" && Object.keys(scopeProblems(scope, approval.scopes)).length > 0) return;
    onDecide(verdict, reason.trim(), verdict === "approve" ? scopeOf(scope) : undefined);
  };

  return (
    // Enter in a field presses a form's first button; a verdict is only ever a button that was meant.
    <form className="decide" aria-label="Your decision" aria-busy={busy} onSubmit={(event) => event.preventDefault()}>
      {(mustReveal || (approval.mayReveal && !revealed)) && (
        <div role={refused ? "alert" : undefined}>
          <Alert
            type={refused ? "error" : "info"}
            header="Parts of the arguments are masked"
            statusIconAriaLabel={refused ? "Error" : "Information"}
            action={
              approval.mayReveal && (
                <Button ref={reveal} formAction="none" onClick={onReveal} disabled={busy}>
                  {mustReveal ? "Reveal the arguments" : "Reveal them again"}
                </Button>
              )
            }
          >
            {maskedWords(approval)}
          </Alert>
        </div>
      )}
      {approval.kind !== "review" && (
        <ScopeField approval={approval} draft={scope} problems={problems} onChange={setScope} />
      )}
      <ReasonField
        label="Your reason"
        hint="It is recorded with your name and shown to the requester."
        required={approval.reasonRequired}
        value={reason}
        problem={problem}
        readOnly={busy}
        onChange={onReason}
        field={field}
      />
      <div className="buttons">
        <Button fullWidth variant="primary" formAction="none" disabled={busy} onClick={() => submit("approve")}>
          {approveLabel(approval, scope)}
        </Button>
        <Button fullWidth formAction="none" disabled={busy} onClick={() => submit("deny")}>
          {approval.kind === "review" ? "Object" : "Deny"}
        </Button>
      </div>
    </form>
  );
}

const isOffered = ({ kind }: ScopeDraft, { session, maxMinutes }: Approval["scopes"]): boolean =>
  kind === "call" || (kind === "session" ? session : maxMinutes !== null);

function maskedWords({ revealNeeded, mayReveal }: Approval): string {
  if (!revealNeeded) return "You have read them before. Reading them again is recorded again.";
  return mayReveal
    ? "Reveal and read them before you approve. That you read them is recorded. You can deny without."
    : "They cannot be revealed here, so this cannot be approved. Deny it, and ask the requester to send it without what is masked.";
}

function approveLabel({ kind: asked, scopes }: Approval, { kind, minutes }: ScopeDraft): string {
  if (asked === "review") return "Acknowledge";
  const nothingElse = !scopes.session && scopes.maxMinutes === null;
  if (nothingElse || (asked === "access" && kind === "call")) return "Approve";
  if (kind === "session") return "Approve for this session";
  return kind === "minutes" ? `Approve for ${minutes || "some"} minutes` : "Approve this call";
}
