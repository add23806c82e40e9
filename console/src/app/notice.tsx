import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { Shown } from "../text/shown.tsx";
import type { Failure } from "./failure.ts";

/** A failure: what happened, what was said, what to do. */
export function Notice({ failure, signIn, retry }: { failure: Failure; signIn?: () => void; retry?: () => void }) {
  const action =
    failure.remedy === "sign-in" && signIn ? (
      <Button onClick={signIn}>Sign in again</Button>
    ) : failure.remedy === "retry" && retry ? (
      <Button onClick={retry}>Try again</Button>
    ) : undefined;
  return (
    <div role="alert" className="notice">
      <Alert type="error" header={failure.title} action={action} statusIconAriaLabel="Error">
        {failure.message !== "" && (
          <p className="said">
            <Shown text={failure.message} />
          </p>
        )}
        <p>{failure.advice}</p>
      </Alert>
    </div>
  );
}
