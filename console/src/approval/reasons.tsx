import type { Approval } from "../api/read-approval.ts";
import { Panel } from "../app/panel.tsx";
import { FoldedText } from "../text/folded-text.tsx";
import { Shown } from "../text/shown.tsx";
import { isOfName, UNASSESSED } from "./is-of-name.ts";

/** Why a person is asked: the risks that were found, with what they were found by, and the policies. */
export function Reasons({ approval: { risks, policies, tool } }: { approval: Approval }) {
  return (
    <Panel title="Why it needs consent">
      {risks.length === 0 ? (
        <p>No risk was found in it; a policy asks for consent all the same.</p>
      ) : (
        <ul className="risks">
          {risks.map((found) => (
            <li key={`${found.risk} ${found.pointer} ${found.match}`}>
              <strong className="risk">
                <Shown text={found.risk} />
              </strong>{" "}
              {found.match !== "" && <FoldedText text={found.match} matches={[found.match]} />}{" "}
              <span className="soft">
                {found.cut && found.risk !== UNASSESSED && "(there may be more than this) "}
                {found.pointer === "" ? (
                  found.match !== "" && isOfName(found, tool) && "in the name"
                ) : (
                  <>
                    at{" "}
                    <code>
                      <Shown text={found.pointer} />
                    </code>
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      <h3>Policies</h3>
      <ul className="plain policies">
        {policies.map(({ id, reason }) => (
          <li key={id}>
            <code>
              <Shown text={id} />
            </code>
            {reason !== null && (
              <>
                {" "}
                <Shown text={reason} />
              </>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
