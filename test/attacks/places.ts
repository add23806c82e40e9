import type { Shown } from "./catalogue.ts";

/** @param rows of the test's table; none: all of them */
export const shown = (file: string, title: string, ...rows: string[]): Shown =>
  rows.length === 0 ? { file, title } : { file, title, rows };

const ODD_TOKEN = "an attack is answered with 401, told once, and tells nothing of the token";
export const TOKENS = { file: "test/authorizer/attacks.test.ts", group: ODD_TOKEN, attacks: `${ODD_TOKEN} > %s (%s)` };

export const DOOR = {
  file: "test/attacks/door.test.ts",
  path: (title: string) => `a path that is written in another way is the server that it names, or none > ${title}`,
  session:
    "a session of somebody else > is not found, whoever has its id, and the attempt is recorded with who made it",
  scanner:
    "a mail scanner that follows the link > opens, prefetches and posts it, and decides nothing; who then decides is a person",
  elsewhere: (title: string) => `a server that leads elsewhere > ${title}`,
};

export const PAGES = "test/attacks/pages.test.ts";
export const CREDENTIALS = {
  addresses: "test/upstream/credentials/token-addresses.test.ts",
  minter: "test/upstream/credentials/minter.test.ts",
};
export const APPROVING = { decisions: "test/approvals/decisions.test.ts" };
export const FUZZ = { headers: "test/fuzz/headers.test.ts", message: "test/fuzz/message.test.ts" };
