import type { Approval } from "../api/read-approval.ts";
import { Panel } from "../app/panel.tsx";
import { FoldedText } from "../text/folded-text.tsx";
import { Shown } from "../text/shown.tsx";

/** Why a person is asked: the risks that were found, with what they were found by, and the policies. */
export function Reasons({ approval: { risks, policies } }: { approval: Approval }) {
  return (
    <Panel title="Why it needs consent">
      {risks.length === 0 ? (
        <p>No risk was found in it; a policy asks for consent all the same.</p>
      ) : (
        <ul className="risks">
          {risks.map(({ risk, pointer, match }) => (
            <li key={`${risk} ${pointer} ${match}`}>
              <strong className="risk">
                <Shown text={risk} />
              </strong>{" "}
              {match !== "" && <FoldedText text={match} matches={[match]} />}{" "}
              <span className="soft">
                {pointer === "" ? (
                  match !== "" && "in the name"
                ) : (
                  <>
                    at{" "}
                    <code>
                      <Shown text={pointer} />
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
