import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { useMemo, useState } from "react";
import { createApi } from "../api/api.ts";
import { Shown } from "../text/shown.tsx";
import { type Entered, here, unreachable } from "./enter.ts";
import { Shell } from "./shell.tsx";
import { forgetDrafts } from "./use-draft.ts";

/** The rooms for who is signed in, and the door for who is not, or not any more. */
export function Gate({ entered }: { entered: Extract<Entered, { kind: "in" | "out" }> }) {
  const { signIn } = entered;
  const [state, setState] = useState(entered);
  const api = useMemo(() => createApi(signIn.token), [signIn]);
  const signInAgain = useMemo(
    () => () => void signIn.start(here(), true).catch((error: unknown) => setState(unreachable(signIn, error))),
    [signIn],
  );

  if (state.kind === "in")
    return (
      <Shell
        api={api}
        name={state.name}
        signInAgain={signInAgain}
        signOut={() => {
          setState({ kind: "out", signIn, title: "You are signed out of this page", message: "" });
          forgetDrafts();
          void signIn.forget();
        }}
      />
    );
  return (
    <main className="room">
      <h1 className="unseen-heading">Countersign</h1>
      <div role="alert">
        <Alert
          type="info"
          header={state.title}
          statusIconAriaLabel="Information"
          action={<Button onClick={signInAgain}>Sign in</Button>}
        >
          <Shown text={state.message} />
        </Alert>
      </div>
    </main>
  );
}
