import type { Constraint } from "../api/constraint.ts";
import { Shown } from "../text/shown.tsx";

/** What the arguments of later calls must be. */
export function ConstraintList({ constraint }: { constraint: readonly Constraint[] }) {
  if (constraint.length === 0) return <span>any arguments</span>;
  return (
    <ul className="plain">
      {constraint.map(({ pointer, equals, prefix }) => (
        <li key={pointer}>
          <code>
            <Shown text={pointer} />
          </code>{" "}
          {equals === undefined ? "begins with " : "is "}
          <code>
            <Shown text={equals ?? prefix ?? ""} />
          </code>
        </li>
      ))}
    </ul>
  );
}
