import { looksRandom } from "./rules/support/randomness.ts";

/** `${…}` of shells, frameworks and infrastructure, whose rest after a colon may be a default. */
const BRACED = /^\$\{([^}"'\s]{1,128}|[A-Za-z_]\w{0,63}:?\?[^}"']{0,128})\}$/;
const DEFAULTED = /^[A-Za-z_][\w.-]{0,63}(:[-=+?]|[-?]|:)(.*)$/;
/** What stands before the colon where a template names who keeps the secret: `${env:NAME}`, `${ssm:/app/db}`. */
const KEEPER =
  /^(?:env|ssm|self|opt|cf|file|param|vault|secrets?|secretsmanager|sm|aws|azure|gcp|sops|consul|kms|op|lookup|sys|java)$/;
/** Templates whose inner text must read as a name: the group that took part is it. */
const TEMPLATE =
  /^(?:\$\{\{([^}]{1,128})\}\}|\$\(([^)]{1,128})\)?|\{\{([^}]{0,128})\}{0,2}|\{([A-Za-z_][A-Za-z0-9_.]{0,63})\}|%([A-Za-z_][A-Za-z0-9_]{0,63})%|%\(([A-Za-z_][A-Za-z0-9_]{0,63})\)s?|#\{([^}]{1,128})\}|@([A-Za-z_][A-Za-z0-9_.]{0,63})@|<%([^%]{1,128})%>|<([A-Za-z][A-Za-z0-9_ /:.-]{0,64})>|\[([A-Za-z][A-Za-z_ -]{1,48})\])$/;
/** A shell's variable: `$DB_PASSWORD`, `$password`, `$dbPassword`. A dollar before the rest of a word in S is its first letter. */
const VARIABLE =
  /^\$(?!ecret|ecur|uper|ummer|unshine|pring|tar(?:wars)?$|hadow|occer|amsung|ilver|nowball|cooby|tupid|trong)(?:[A-Z_][A-Z0-9_:]{0,63}|[a-z_]{1,63}|[a-z]{1,32}[A-Z][A-Za-z]{1,32}|[0-9]{1,2})$/;
/** Who keeps the secret, and where: the path must be one, with names for its parts. */
const KEPT =
  /^(?:(?:vault|ssm|sops|secretsmanager|file|ref\+[a-z0-9]{2,24}|op|akv|gcpsm|awssm):(\/{0,3}[\w.~ -]{1,64}(?:\/[\w.: -]{1,64}){0,12}(?:[#?][\w.=/-]{1,64})?)|env:([A-Z][A-Z0-9_]{1,63}|[a-z]{2,24}(?:_[a-z]{2,24}){1,6})|(\/(?:run|etc|var|mnt|opt|home|usr|vault)\/[A-Za-z0-9_./-]{1,160}))$/;
/** Tags of YAML, addresses of secret stores, values that only a key opens. */
const MARKED =
  /^(?:!(?:Ref [A-Z][A-Za-z]{1,62}[0-9]?|Sub .{0,120}\$\{.{1,128}|GetAtt [A-Z][A-Za-z]{1,62}[0-9]?\.[A-Za-z.]{1,64}|secret [a-z]{1,32}(?:_[a-z]{1,32}){0,6}|vault(?: \|?)?|env [A-Z][A-Z0-9_]{1,63}|reference \[.{1,120}\])|arn:aws[a-z-]*:(?:secretsmanager|ssm):[a-z0-9-]{0,24}:[0-9*]{0,12}:.{1,160}|ENC\[(?:AES256_GCM|PKCS7|GPG|KMS)(?:,[A-Za-z0-9+/=:,_-]{0,400})?\]|@Microsoft\.KeyVault\((?:SecretUri|VaultName|SecretName)=.{1,190}\))$/;
/** A part of a path or of a name: words with at most a number behind them, `x509`, `k8s`. */
const WORDS = /^(?:[A-Za-z]+(?:[0-9]{1,3}s?)?|[0-9]{1,4})(?:[^A-Za-z0-9]+(?:[A-Za-z]+(?:[0-9]{1,3}s?)?|[0-9]{1,4}))*$/;
const SPEAKS =
  /pass|pwd|secret|token|key|cred|user|login|auth|val|param|input|conf|default|name|var|arg|env|data|host|url|id\b/i;

/**
 * Whether a value says where a secret is and not what it is: a variable, a template, a path, a place in a vault. What is in
 * the brackets, or behind the colon, must read as a name: a password that is written like a reference is a password.
 *
 * @param isDefault whether the default of a variable may be seen
 */
export function isReference(value: string, isDefault: (text: string) => boolean): boolean {
  if (VARIABLE.test(value) || MARKED.test(value)) return true;
  const braced = BRACED.exec(value)?.[1];
  if (braced !== undefined) return isBraced(braced, isDefault);
  const inner = TEMPLATE.exec(value)
    ?.slice(1)
    .find((group) => group !== undefined);
  if (inner !== undefined) return isName(inner);
  const kept = KEPT.exec(value);
  if (kept === null) return false;
  const [, place, variable, path] = kept;
  return variable !== undefined || isPath(place ?? path ?? "", path === undefined);
}

function isBraced(inner: string, isDefault: (text: string) => boolean): boolean {
  const [, sign, rest = ""] = DEFAULTED.exec(inner) ?? [];
  if (sign === undefined) return isName(inner);
  if (sign.endsWith("?") || rest === "") return true;
  const name = inner.slice(0, inner.length - rest.length - sign.length);
  return (sign === ":" && KEEPER.test(name) && isName(rest)) || (isName(name) && isDefault(rest));
}

/** Names have no sense of their own, and a number at most where they say what they name: `db_password_2`, `input1`. */
function isName(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === "" || !/[0-9]/.test(trimmed)) return !looksRandom(trimmed);
  return !looksRandom(trimmed) && (SPEAKS.test(trimmed) || /^[A-Z_]+[0-9]?[A-Z_]*$/.test(trimmed));
}

/** @param isSchemed whether a scheme stands before it: then one word is no path */
const isPath = (text: string, isSchemed: boolean): boolean => {
  const bare = text.replace(/^[./~]{1,4}/, "");
  return (!isSchemed || /[/.]/.test(text)) && WORDS.test(bare.replace(/\/$/, ""));
};
