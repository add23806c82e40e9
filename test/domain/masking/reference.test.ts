// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of shells and templates
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileMasking, maskJson } from "../../../lambdas/domain/masking/index.ts";
import { parseMasking } from "../../../lib/config/masking.ts";

const rules = compileMasking(parseMasking(readFileSync("config/masking.yaml", "utf8"), "config/masking.yaml"));
const tag = (value: string) => createHmac("sha256", "a key of this test").update(value).digest("hex");
const password = (value: string) =>
  (JSON.parse(maskJson(JSON.stringify({ password: value }), rules, tag).text) as { password: string }).password;

describe("a password that is written like a reference is masked", () => {
  test.each([
    "env:S3cr3tRealValue9",
    "vault:S3cr3tRealValue9",
    "op:S3cr3tRealValue9",
    "op://S3cr3tRealValue9",
    "file:S3cr3tRealValue9",
    "ENC[S3cr3tRealValue9]",
    "@hunter22@",
    "!Ref hunter22",
    "/home/x/Sup3rS3cret",
    "$ecretPass",
    "my secret garden grows",
    "<hunter22>",
    "{hunter22}",
    "%hunter22%",
    "${hunter22}",
    "${DB_PASSWORD:-hunter22}",
    "{{ Xk29qpLw7v }}",
  ])("%s", (value) => {
    expect(password(value)).toBe("[PASSWORD]");
  });
});

describe("a reference stays", () => {
  test.each([
    "vault:secret/data/x#key",
    "ref+vault://secret/data/app#/password",
    "op://vault/item/field",
    "/run/secrets/db_password",
    "/etc/letsencrypt/live/example.com/privkey1.pem",
    "file:///etc/secrets/db.txt",
    "ssm:/prod/db/password",
    "env:DB_PASSWORD",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1B2c3",
    "${VAR}",
    "${DB_PASSWORD2}",
    "${DB_PASSWORD:-}",
    "${DB_PASSWORD:-changeme}",
    "${DB_PASSWORD:?must be set}",
    "${env:DB_PASSWORD}",
    "${ssm:/app/prod/db-password}",
    "${{ secrets.DB_PASSWORD_2 }}",
    "{{ vault_db_password }}",
    "{{ .Values.db.password | quote }}",
    "!Ref DbPassword",
    "!secret wifi_password",
    "ENC[AES256_GCM,data:abc=,iv:x=,tag:y=,type:str]",
    "@DB_PASSWORD@",
    "$dbPassword",
    "<your password here>",
    "Enter your password",
    "The client secret",
  ])("%s", (value) => {
    expect(password(value)).toBe(value);
  });
});
