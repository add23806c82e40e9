import type { MaskedBody } from "../domain/evidence/body.ts";
import type { Json } from "../domain/json/json.ts";
import { conform, maskJson, touchesStructure } from "../domain/masking/index.ts";
import type { Call } from "./call.ts";
import type { House } from "./house.ts";

/** A result whose masks conform to its tool's output schema: clients check it against the one they were listed. */
export async function conformed(call: Call, body: MaskedBody, house: House): Promise<MaskedBody> {
  if (call.message.method !== "tools/call" || !touchesStructure(body.findings)) return body;
  const schema = await outputSchema(call, house);
  return schema === undefined ? body : { ...body, masked: conform(body.masked, body.findings, schema) };
}

/** Masked as in the list that the client saw, so that values which a schema names are the same in both. */
async function outputSchema({ server, target: tool, message }: Call, house: House): Promise<Json | undefined> {
  try {
    const pin = await house.pins.of({ server, era: message.era, tool });
    const schema = (pin?.latest ?? pin?.definition)?.outputSchema;
    if (schema === undefined) return undefined;
    const { text } = maskJson(JSON.stringify(schema), house.masking(server), await house.keyedHash());
    return JSON.parse(text) as Json;
  } catch {
    // The masks stay as they are: the client may refuse such a result, and sees no secret.
    return undefined;
  }
}
