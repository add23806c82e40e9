import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { useEffect, useRef, useState } from "react";
import type { Scope } from "../api/api.ts";
import type { Verdict } from "../api/approval.ts";
import type { Approval } from "../api/read-approval.ts";
import { type Failure, failureOf } from "../app/failure.ts";
import { Notice } from "../app/notice.tsx";
import { Panel } from "../app/panel.tsx";
import { ReasonedAction } from "../app/reasoned-action.tsx";
import { useSession } from "../app/session.ts";
import { useDraft } from "../app/use-draft.ts";
import { Shown } from "../text/shown.tsx";
import { sentence } from "../text/words.ts";
import { DecisionForm } from "./decision-form.tsx";
import { KeptText } from "./kept-text.tsx";

interface DecisionPanelProps {
  readonly approval: Approval;
  readonly revealed: string | undefined;
  readonly onReveal: (args: string) => void;
  /** Called when something was done, or may have been. */
  readonly onChange: () => void;
}

/** Where the person decides, or reads why they cannot. What they wrote is never lost. */
export function DecisionPanel({ approval, revealed, onReveal, onChange }: DecisionPanelProps) {
  const { api, signInAgain } = useSession();
  const [draft, setDraft] = useDraft(approval.id);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Failure>();
  const [outcome, setOutcome] = useState("");
  const told = useRef<HTMLDivElement>(null);
  const pending = approval.status === "PENDING";
  const changed = useChanged(approval.rendered);

  useEffect(() => {
    // The form that had the focus is gone.
    if (outcome !== "") told.current?.focus();
  }, [outcome]);

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await work();
    } catch (error) {
      // The buttons are still there to try again with; only a sign-in needs one of its own.
      setRefusal(failureOf(error));
    } finally {
      setBusy(false);
      onChange();
    }
  };
  const decide = (verdict: Verdict, reason: string, scope: Scope | undefined) =>
    attempt(async () => {
      await api.decide(approval.id, { verdict, reason, rendered: approval.rendered, ...(scope && { scope }) });
      setDraft("");
      setOutcome(verdict === "approve" ? "Your approval is recorded." : "Your denial is recorded.");
    });

  return (
    <>
      <div role="status" className="outcome" ref={told} tabIndex={-1}>
        {outcome !== "" && (
          <Alert type="success" statusIconAriaLabel="Success">
            {outcome}
          </Alert>
        )}
      </div>
      {refusal && <Notice failure={refusal} signIn={signInAgain} />}
      {pending && changed && (
        <div role="alert" className="notice">
          <Alert type="warning" header="This changed while you had it open" statusIconAriaLabel="Warning">
            Read it again before you decide. Your decision is about what you see now.
          </Alert>
        </div>
      )}
      {pending && approval.mayDecide && (
        <Panel title="Decide">
          <DecisionForm
            approval={approval}
            reason={draft}
            onReason={setDraft}
            busy={busy}
            revealed={revealed !== undefined}
            onReveal={() => void attempt(async () => onReveal(await api.reveal(approval.id)))}
            onDecide={(verdict, reason, scope) => void decide(verdict, reason, scope)}
          />
        </Panel>
      )}
      {pending && !approval.mayDecide && outcome === "" && (
        <Panel title="Decide">
          <p>
            <Shown text={sentence(approval.whyNot ?? "you cannot decide this one")} />
          </p>
          {approval.whyNot?.includes("second factor: sign in") && <Button onClick={signInAgain}>Sign in again</Button>}
        </Panel>
      )}
      {!(pending && approval.mayDecide) && (
        <KeptText text={draft} status={approval.status} onDiscard={() => setDraft("")} />
      )}
      {approval.mayWithdraw && (
        <Panel title="Withdraw">
          <ReasonedAction
            label="Withdraw"
            reasonRequired={false}
            consequence="It cannot be used any more. The reason is recorded with your name."
            draft={`withdraw.${approval.id}`}
            act={async (reason) => {
              await api.withdraw(approval.id, reason);
              setOutcome("It is withdrawn.");
              onChange();
            }}
          />
        </Panel>
      )}
    </>
  );
}

/** Whether a text is another than when the room was opened. */
function useChanged(text: string): boolean {
  const first = useRef(text);
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (text !== first.current) setChanged(true);
  }, [text]);
  return changed;
}
