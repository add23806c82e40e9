import type { Rule } from "../../rule.ts";
import { valuesAfter } from "../support/values.ts";

const SAMPLE = Buffer.from(`ada:${"hun"}ter2`).toString("base64");
const EXPRESSION =
  /(?:["']_?auth\\{0,3}["'][ \t]{0,4}:[ \t]{0,4}\\{0,3}["']|(?:^|[\s:])_auth[ \t]{0,2}=[ \t]{0,2}["']?)([A-Za-z0-9+/]{8,}={0,2})/g;

/**
 * Name and password in the configuration of Docker and npm, in base64.
 *
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export const dockerAuth: Rule = {
  kind: "REGISTRY_AUTH",
  family: "credential",
  signs: ["auth", "identitytoken", "registrytoken"],
  examples: [
    { text: `{"auths": {"registry.example.com": {"auth": "${SAMPLE}"}}`, secret: SAMPLE },
    { text: `//registry.example.com/:_auth=${SAMPLE}`, secret: SAMPLE },
  ],
  counterExamples: ['"auth": "required"', '"auth": "oauth2flow"'],
  reach: 512,
  find: (text) =>
    text.includes("auth")
      ? valuesAfter(text, EXPRESSION).filter(({ start, end }) =>
          /^[\x20-\x7e]{1,128}:[\x20-\x7e]{1,256}$/.test(
            Buffer.from(text.slice(start, end), "base64").toString("latin1"),
          ),
        )
      : [],
  field: (name) => name === "auth" || name === "_auth" || name === "identitytoken" || name === "registrytoken",
};
