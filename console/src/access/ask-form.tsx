import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import { useRef, useState } from "react";
import type { Me } from "../api/me.ts";
import ConstraintField from "../app/constraint-field.tsx";
import { type Failure, failureOf } from "../app/failure.ts";
import { Notice } from "../app/notice.tsx";
import { fragmentOf } from "../app/place.ts";
import { ReasonField } from "../app/reason-field.tsx";
import { useSession } from "../app/session.ts";
import { useDraft } from "../app/use-draft.ts";
import { type AskDraft, askProblems, requestOf } from "./ask-draft.ts";

const EMPTY: AskDraft = { server: "", tools: "", minutes: "30", constraint: [], reason: "" };
const icon = { errorIconAriaLabel: "Error" };

/** Asks for access ahead of the calls that will need it. */
export default function AskForm() {
  const { me, meFailure, signInAgain } = useSession();
  if (me === undefined)
    return meFailure ? <Notice failure={meFailure} signIn={signInAgain} /> : <p role="status">Loading…</p>;
  if (me.longestGrantMinutes === null)
    return <p className="nothing">Access cannot be asked for ahead here. Make the call; it will ask for consent.</p>;
  return <Form servers={me.servers} longest={me.longestGrantMinutes} />;
}

function Form({ servers, longest }: { servers: Me["servers"]; longest: number }) {
  const { api, signInAgain } = useSession();
  const [reason, setReason] = useDraft("ask");
  const [fields, setFields] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [asked, setAsked] = useState<string>();
  const form = useRef<HTMLFormElement>(null);

  const draft = { ...fields, reason };
  const problems = askProblems(draft, longest);
  const shown = tried ? problems : {};
  const change = (part: Partial<AskDraft>) => setFields({ ...fields, ...part });

  const send = async () => {
    setTried(true);
    setAsked(undefined);
    if (Object.keys(problems).length > 0) {
      // After the problems are drawn, the first field that has one.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    setBusy(true);
    setFailure(undefined);
    try {
      setAsked(await api.requestAccess(requestOf(draft)));
      setFields(EMPTY);
      setReason("");
      setTried(false);
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form ref={form} className="ask" aria-label="Ask for access" onSubmit={(event) => event.preventDefault()}>
      <div role="status">
        {asked !== undefined && (
          <Alert type="success" header="You have asked for access" statusIconAriaLabel="Success">
            An approver decides. <a href={fragmentOf({ name: "approval", id: asked })}>See how it stands</a>
          </Alert>
        )}
      </div>
      <FormField label="Server" errorText={shown.server} i18nStrings={icon} stretch>
        <Select
          selectedOption={draft.server === "" ? null : { value: draft.server, label: draft.server }}
          placeholder="Choose a server"
          empty="There is no server that you may ask for."
          invalid={!!shown.server}
          options={servers.map(({ name }) => ({ value: name, label: name }))}
          onChange={({ detail }) => change({ server: detail.selectedOption.value ?? "" })}
        />
      </FormField>
      <FormField
        label="Tools"
        description="One a line, by the name that calls use."
        errorText={shown.tools}
        i18nStrings={icon}
        stretch
      >
        <Textarea
          rows={2}
          value={draft.tools}
          invalid={!!shown.tools}
          spellcheck={false}
          onChange={({ detail }) => change({ tools: detail.value })}
        />
      </FormField>
      <FormField
        label="Minutes"
        description={`At most ${longest}. It ends by itself.`}
        errorText={shown.minutes}
        i18nStrings={icon}
      >
        <Input
          type="number"
          inputMode="numeric"
          value={draft.minutes}
          invalid={!!shown.minutes}
          onChange={({ detail }) => change({ minutes: detail.value })}
        />
      </FormField>
      <ConstraintField
        value={draft.constraint}
        problem={shown.constraint ?? ""}
        onChange={(constraint) => change({ constraint })}
      />
      <ReasonField
        label="Your reason"
        hint="The approvers read it, and it is recorded."
        required
        value={reason}
        problem={shown.reason ?? ""}
        readOnly={busy}
        onChange={setReason}
      />
      {failure && <Notice failure={failure} signIn={signInAgain} />}
      <div className="buttons">
        <Button variant="primary" formAction="none" loading={busy} loadingText="Sending" onClick={() => void send()}>
          Ask for access
        </Button>
      </div>
    </form>
  );
}
