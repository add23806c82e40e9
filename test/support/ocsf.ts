import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const schema = JSON.parse(readFileSync("test/fixtures/ocsf/api_activity.schema.json", "utf8")) as object;
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

/** What the official schema of API Activity (OCSF 1.9) finds wrong with an event; empty when nothing. */
export function ocsfComplaints(event: unknown): string[] {
  validate(event);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
