/** A person of the local sign-in. The password is the account's name. */
export interface LocalAccount {
  readonly id: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** Whether it signs in with a second factor: its tokens say `amr: [pwd, mfa]`. @default only the password */
  readonly secondFactor?: boolean;
}

export const ACCOUNTS: readonly LocalAccount[] = [
  { id: "developer", name: "Dana Developer", groups: ["developers"] },
  { id: "approver-one", name: "Alex Approver", groups: ["approvers"] },
  { id: "approver-two", name: "Bao Approver", groups: ["approvers"] },
  { id: "approver-three", name: "Chi Approver", groups: ["approvers"], secondFactor: true },
  { id: "approver-four", name: "Dele Approver", groups: ["approvers"], secondFactor: true },
  { id: "oncall", name: "Ola Oncall", groups: ["developers", "oncall"] },
  { id: "admin", name: "Ash Admin", groups: ["administrators"] },
  { id: "auditor", name: "Ada Auditor", groups: ["auditors"] },
  { id: "auditor-two", name: "Abe Auditor", groups: ["auditors"] },
];

export const CONSOLE_CLIENT = "countersign-console";
export const CLI_CLIENT = "countersign-cli";
export const CI_CLIENT = "ci-build";

/** Native clients may use any port of a loopback address (RFC 8252 section 7.3). */
export const CLI_REDIRECT = "http://127.0.0.1/callback";

export const emailOf = (account: string): string => `${account}@example.test`;

/** Claims that stand for a person in ID tokens and access tokens. */
export function claimsOf(id: string): Record<string, unknown> {
  const account = ACCOUNTS.find((entry) => entry.id === id);
  if (!account) throw new Error(`there is no local account ${id}`);
  const amr = account.secondFactor === true ? ["pwd", "mfa"] : ["pwd"];
  return { name: account.name, email: emailOf(id), email_verified: true, groups: [...account.groups], amr };
}
