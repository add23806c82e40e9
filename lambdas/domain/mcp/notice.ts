import { setMember } from "./edit.ts";
import { lookalikeIn, namesOf } from "./lookalikes.ts";
import { isObject, type JsonObject } from "./message.ts";

/** Requests whose result has `instructions`: where the protocol lets a server say something to whoever connects. */
const GREETINGS: ReadonlySet<string> = new Set(["initialize", "server/discover"]);

/** Whether a method answers with what is said once, at the beginning. */
export const isGreeting = (method: string): boolean => GREETINGS.has(method);

const GREETING = namesOf("instructions");

/** Whether a greeting has a member that some client may take for its `instructions`: the notice would not stand in it. */
export const greetsInDisguise = ({ result }: JsonObject): boolean =>
  isObject(result) && lookalikeIn(result, GREETING) !== undefined;

/**
 * A greeting that says first what the adopter must tell (AC-8: that sessions are recorded), then what the server says.
 *
 * @param text the server's response; `result` is the same, parsed
 */
export function withNotice(text: string, { result }: JsonObject, notice: string): string {
  if (!isObject(result)) return text;
  const said = typeof result.instructions === "string" ? result.instructions : "";
  return setMember(text, ["result", "instructions"], said === "" ? notice : `${notice}\n\n${said}`);
}
