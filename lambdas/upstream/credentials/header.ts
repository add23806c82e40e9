import type { CredentialOf } from "../../../lib/config/credential.ts";
import type { Secrets } from "../../aws/secrets.ts";
import type { Credential, Presented } from "./credential.ts";
import { noCredential, step } from "./no-credential.ts";
import { rotatingSecret } from "./rotating-secret.ts";

/** RFC 9110 section 5.5, without the obsolete bytes beyond ASCII. */
const FIELD_VALUE = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/;

/** A secret's text in a header. */
export function headerCredential({ header, prefix, secretName }: CredentialOf<"header">, secrets: Secrets): Credential {
  const secret = rotatingSecret(secretName, secrets);
  const name = header.toLowerCase();
  const presented = (text: string): Presented => {
    const value = `${prefix}${text}`;
    if (!FIELD_VALUE.test(value)) throw noCredential("its secret holds what a header cannot, such as a line ending");
    return {
      headers: { [name]: value },
      another: async () => {
        const other = await secret.insteadOf(text);
        return other === undefined ? undefined : presented(other);
      },
    };
  };
  return { present: async () => presented(await step("its secret cannot be read", secret.current)) };
}
