import type { Rule } from "../../rule.ts";
import { ALPHANUMERIC, body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";
import { valuesAfter } from "../support/values.ts";

const LONG = `${body(86)}==`;
const SHORT = `${body(43)}=`;

/** By its name; one of the words stands before it in connection strings and settings. */
const NAMED =
  /(?:Account|SharedAccess|account|shared_?access|storage_?(?:account_?)?|STORAGE_(?:ACCOUNT_)?|COSMOS_?(?:DB_)?|cosmos_?(?:db_)?(?:account_?)?|Primary|Secondary|primary|secondary|Master|master|ACCOUNT_|ACCESS_)_?(?:Key|KEY|key)["' \t\\]{0,4}[=:]["' \t\\]{0,4}([A-Za-z0-9+/]{43,86}={1,2})(?![A-Za-z0-9+/=])/g;
/** By the marks within it. */
const MARKED =
  /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}(?:\+ASt|ACDb)[A-Za-z0-9+/]{5}[AQgw]==|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{33}(?:AIoT|\+ASb|\+AEh|ARm|AzCa)[A-P][A-Za-z0-9+/]{4,5}=|(?<![A-Za-z0-9+/_-])[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==|(?<![A-Za-z0-9])[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}(?![A-Za-z0-9])|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5}(?![A-Za-z0-9+/])|(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{18,26}(?:[A-Za-z0-9]{4})?(?![A-Za-z0-9])/g;

const marked = tokenRule({
  kind: "AZURE_KEY",
  signs: ["+ASt", "ACDb", "AIoT", "+ASb", "+AEh", "ARm", "AzFu", "AzSe", "AzCa", "+ACR", "APIM", "JQQJ99"],
  expression: MARKED,
  examples: [
    `${body(76)}+ASt${body(5)}Q==`,
    `${body(76, ALPHANUMERIC)}ACDb${body(5)}g==`,
    `${body(33)}+ASbC${body(5)}=`,
  ],
  counterExamples: [`"integrity": "sha512-${LONG}"`, "AccountKey=", "SharedAccessKeyName=RootManageSharedAccessKey"],
});

/**
 * Account and shared access keys of Azure (Storage, Cosmos DB, Service Bus, Event Hubs, IoT): by their name in connection
 * strings, or by the marks that newer keys carry.
 *
 * @see https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string
 * @see https://github.com/microsoft/security-utilities
 */
export const azureKey: Rule = {
  ...marked,
  signs: [...(marked.signs ?? []), "key"],
  examples: [
    {
      text: `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${LONG};EndpointSuffix=core.windows.net`,
      secret: LONG,
    },
    {
      text: `Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${SHORT}`,
      secret: SHORT,
    },
    ...marked.examples,
  ],
  find: (text) => [...valuesAfter(text, NAMED), ...marked.find(text)],
};
