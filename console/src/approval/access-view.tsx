import type { Approval } from "../api/read-approval.ts";
import { ConstraintList } from "../app/constraint-list.tsx";
import { Shown } from "../text/shown.tsx";

/** What access would open, and for how long. */
export function AccessView({ access }: { access: NonNullable<Approval["access"]> }) {
  return (
    <>
      <h3>Tools, for {access.minutes} minutes</h3>
      <ul className="plain">
        {access.tools.map((tool) => (
          <li key={tool}>
            <code>
              <Shown text={tool} />
            </code>
          </li>
        ))}
      </ul>
      <h3>Arguments</h3>
      <ConstraintList constraint={access.constraint} />
      {access.reason && (
        <>
          <h3>Why it is asked for</h3>
          <blockquote>
            <Shown text={access.reason} />
          </blockquote>
        </>
      )}
    </>
  );
}
