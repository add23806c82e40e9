import Button from "@cloudscape-design/components/button";
import type { TextareaProps } from "@cloudscape-design/components/textarea";
import { useEffect, useRef, useState } from "react";
import { type Failure, failureOf } from "./failure.ts";
import { Notice } from "./notice.tsx";
import { reasonProblem } from "./reason.ts";
import { ReasonField } from "./reason-field.tsx";
import { useSession } from "./session.ts";
import { useDraft } from "./use-draft.ts";

interface ReasonedActionProps {
  /** What the button says, such as `Withdraw`. */
  readonly label: string;
  /** What comes of it. */
  readonly consequence: string;
  readonly reasonRequired: boolean;
  /** Names the draft of the reason. */
  readonly draft: string;
  readonly act: (reason: string) => Promise<void>;
}

/** A button that asks for a reason before it acts. */
export function ReasonedAction({ label, consequence, reasonRequired, draft, act }: ReasonedActionProps) {
  const { signInAgain } = useSession();
  const [reason, setReason] = useDraft(draft);
  const [open, setOpen] = useState(reason !== "");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const field = useRef<TextareaProps.Ref>(null);
  const opened = useRef(false);
  useEffect(() => {
    if (open && opened.current) field.current?.focus();
  }, [open]);

  if (!open)
    return (
      <Button
        onClick={() => {
          opened.current = true;
          setOpen(true);
        }}
      >
        {label}…
      </Button>
    );
  const confirm = async () => {
    const wrong = reasonProblem(reason, reasonRequired);
    setProblem(wrong);
    if (wrong !== "") return field.current?.focus();
    setBusy(true);
    setFailure(undefined);
    try {
      await act(reason.trim());
      setReason("");
      setOpen(false);
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <fieldset className="reasoned" aria-label={label}>
      <ReasonField
        label={`Reason: ${label.toLowerCase()}`}
        hint={consequence}
        required={reasonRequired}
        value={reason}
        problem={problem}
        readOnly={busy}
        onChange={setReason}
        field={field}
      />
      {failure && <Notice failure={failure} signIn={signInAgain} />}
      <div className="buttons">
        <Button variant="primary" loading={busy} loadingText="Sending" onClick={() => void confirm()}>
          {label}
        </Button>
        <Button disabled={busy} onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}
