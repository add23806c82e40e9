import type { Approval } from "../api/read-approval.ts";

/** The label of a call of which something could not be read (docs/risks.md); its match is that text, wherever it stands. */
export const UNASSESSED = "unassessed";

/** Whether a risk was found in the name of the tool itself, and not in the arguments. */
export const isOfName = ({ risk, pointer, match, cut }: Approval["risks"][number], tool: string): boolean =>
  // A pointer also ends early where a member's name is masked; then there is more below it.
  pointer === "" && !cut && risk !== UNASSESSED && tool.includes(match);
