import type { Approval } from "./approval.ts";

/** An e-mail to approvers. */
export interface Mail {
  /** One line of ASCII under 100 characters: the limit of an SNS subject. */
  readonly subject: string;
  readonly message: string;
}

/**
 * What approvers are sent: who, what, how risky, until when, and where to decide. Nothing that a caller wrote freely
 * is in it, because mail would be its way to people.
 */
export function mailOf(row: Approval): Mail {
  const risks = [...new Set(row.risks.map((risk) => plain(risk.risk)))].join(", ");
  return {
    subject: `Approval needed: ${plain(row.server)} ${plain(row.target)}`.slice(0, 99),
    message: [
      "A call waits for your approval.",
      "",
      `Who:     ${plain(row.requester.id)} (${row.requester.kind})`,
      `Server:  ${plain(row.server)}`,
      `Tool:    ${plain(row.target)}`,
      `Risk:    ${risks || "none"}`,
      `Expires: ${new Date(row.deadline).toISOString()}`,
      "",
      "Look at it and decide here, after signing in:",
      `${row.baseUrl}/console/#/approvals/${row.id}`,
      "",
      "Opening the link decides nothing.",
    ].join("\n"),
  };
}

/** Letters, digits and a few marks. No dot, colon or slash: mail programs make links of whatever looks like a name or address. */
const plain = (text: string) => text.replaceAll(/[^A-Za-z0-9_|-]/g, "_").slice(0, 60);
