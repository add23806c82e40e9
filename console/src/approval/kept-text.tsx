import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { useEffect, useRef } from "react";
import type { Status } from "../api/approval.ts";
import { statusWords } from "../text/words.ts";

interface KeptTextProps {
  readonly text: string;
  readonly status: Status;
  readonly onDiscard: () => void;
}

/** What somebody had written when the decision was taken out of their hands. */
export function KeptText({ text, status, onDiscard }: KeptTextProps) {
  const alert = useRef<HTMLDivElement>(null);
  const shown = text.trim() !== "";
  useEffect(() => {
    // Whoever was writing has lost the field that they were in.
    if (shown && document.activeElement === document.body) alert.current?.focus();
  }, [shown]);
  if (!shown) return null;
  const title =
    status === "PENDING"
      ? "You cannot decide on this any more"
      : `This is ${statusWords(status, "call").label.toLowerCase()} already`;
  return (
    <div role="alert" className="notice" ref={alert} tabIndex={-1}>
      <Alert
        type="warning"
        header={title}
        statusIconAriaLabel="Warning"
        action={<Button onClick={onDiscard}>Discard the text</Button>}
      >
        <p>What you had written was not sent. It is kept in this tab, to copy:</p>
        <blockquote>{text}</blockquote>
      </Alert>
    </div>
  );
}
