import type { Approval } from "./approval.ts";

/** An e-mail to approvers. */
export interface Mail {
  /** One line of ASCII under 100 characters: the limit of an SNS subject. */
  readonly subject: string;
  readonly message: string;
}

/** The mail about one approval, and the subject under which it goes out once more. */
export interface ApprovalMail extends Mail {
  readonly reminderSubject: string;
}

/** What each kind of approval is about, in the subject and in the first line. */
const WORDS: Readonly<Record<Approval["kind"], { readonly subject: string; readonly opening: string }>> = {
  call: { subject: "Approval needed", opening: "A call waits for your approval." },
  access: { subject: "Access asked for", opening: "Somebody asks for access ahead of their calls." },
  reveal: { subject: "Reveal asked for", opening: "Somebody asks to see what masking hides." },
  review: {
    subject: "Review needed",
    opening: "A call was run without the approval that it needs (break-glass). It has run: look at it.",
  },
};

/**
 * What approvers are sent: who, what, how risky, until when, and where to decide. Nothing that a caller wrote freely
 * is in it, because mail would be its way to people.
 */
export function mailOf(row: Approval): ApprovalMail {
  const words = WORDS[row.kind];
  const risks = [...new Set(row.risks.map((risk) => plain(risk.risk)))];
  const tools = row.access === null ? [row.target] : row.access.tools;
  const about = `${plain(row.server)} ${listed(tools.map(plain))}`;
  return {
    subject: `${words.subject}: ${about}`.slice(0, LONGEST_SUBJECT),
    reminderSubject: `Reminder: ${words.subject.toLowerCase()}: ${about}`.slice(0, LONGEST_SUBJECT),
    message: [
      words.opening,
      "",
      `Who:     ${plain(row.requester.id)} (${row.requester.kind})`,
      `Server:  ${plain(row.server)}`,
      `Tool:    ${listed(tools.map(plain))}`,
      `Risk:    ${listed(risks) || "none"}`,
      ...(row.access === null ? [] : [`Minutes: ${Math.trunc(row.access.minutes)}`]),
      `Expires: ${new Date(row.deadline).toISOString()}`,
      "",
      "Look at it and decide here, after signing in:",
      `${row.baseUrl}/console/#/approvals/${row.id}`,
      "",
      "Opening the link decides nothing.",
    ].join("\n"),
  };
}

/**
 * One mail about all approvals of a group that came in the same minute after one that was mailed by itself.
 *
 * @param count how many of them are still pending
 * @param baseUrl where the console is
 */
export function summaryMail(group: string, count: number, baseUrl: string): Mail {
  const what = count === 1 ? "1 more approval waits" : `${count} more approvals wait`;
  return {
    subject: `${what} for ${plain(group)}`,
    message: [
      `${what} for ${plain(group)}.`,
      "",
      "They came within one minute, so this is one mail about all of them. Look at them and decide here, after signing in:",
      `${baseUrl}/console/#/`,
      "",
      "Opening the link decides nothing.",
    ].join("\n"),
  };
}

/** SNS takes fewer than 100 characters. */
const LONGEST_SUBJECT = 99;
/** A long list is for the console to show. */
const MOST_LISTED = 5;

const listed = (names: readonly string[]) =>
  names.length > MOST_LISTED
    ? `${names.slice(0, MOST_LISTED).join(", ")} and ${names.length - MOST_LISTED} more`
    : names.join(", ");

/** Letters, digits and a few marks. No dot, colon or slash: mail programs make links of whatever looks like a name or address. */
const plain = (text: string) => text.replaceAll(/[^A-Za-z0-9_|-]/g, "_").slice(0, 60);
