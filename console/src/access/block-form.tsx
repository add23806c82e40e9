import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { ReasonedAction } from "../app/reasoned-action.tsx";
import { useSession } from "../app/session.ts";
import { Shown } from "../text/shown.tsx";

/** Blocks a principal, or lifts a block. @param principal whom to begin with; empty for nobody */
export function BlockForm({ principal }: { principal: string }) {
  const { api } = useSession();
  const [id, setId] = useState(principal);
  const [done, setDone] = useState("");
  const who = id.trim();
  const act = (blocked: boolean) => async (reason: string) => {
    await api.setBlocked(who, blocked, reason);
    setDone(blocked ? `${who} is blocked.` : `${who} is no longer blocked.`);
  };
  return (
    <div className="ask">
      <p>
        A blocked person or workload can make no call at all, from the next one on. What they hold ends with it, and
        what they asked for is withdrawn.
      </p>
      <div role="status">
        {done !== "" && (
          <Alert type="success" statusIconAriaLabel="Success">
            <Shown text={done} />
          </Alert>
        )}
      </div>
      <FormField label="Whom" description="The identity, as the room of an approval shows it." stretch>
        <Input value={id} spellcheck={false} onChange={({ detail }) => setId(detail.value)} />
      </FormField>
      {who !== "" && (
        <div className="buttons" key={who}>
          <ReasonedAction
            label="Block"
            reasonRequired
            consequence="Every call is refused from now on. The reason is recorded with your name."
            draft={`block.${who}`}
            act={act(true)}
          />
          <ReasonedAction
            label="Lift the block"
            reasonRequired
            consequence="Calls are decided by policy again; access that ended stays ended. The reason is recorded with your name."
            draft={`unblock.${who}`}
            act={act(false)}
          />
        </div>
      )}
    </div>
  );
}
