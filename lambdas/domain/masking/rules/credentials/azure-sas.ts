import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

const SIGNATURE = `${body(40)}%2F${body(1)}%3D`;

/**
 * Signatures of shared access: whoever has the URL has the access. Azure's Storage, Logic Apps and Service Bus write them.
 *
 * @see https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas
 */
export const azureSas = tokenRule({
  kind: "AZURE_SAS_SIGNATURE",
  signs: ["sig="],
  acrossLines: true,
  expression: /(?<=(?:[?&;\s"']|&amp;|\\u0026)sig=)(?:[A-Za-z0-9+/_-]|%[0-9A-Fa-f]{2}){40,90}={0,2}/g,
  examples: [
    {
      text: `https://a.blob.core.windows.net/c/b?sv=2024-11-04&se=2026-12-31&sp=r&sig=${SIGNATURE}`,
      secret: SIGNATURE,
    },
  ],
  counterExamples: ["?sig=short", "config=1"],
});
