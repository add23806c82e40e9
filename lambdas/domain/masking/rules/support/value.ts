import type { Value } from "../../assignment.ts";

const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}]/gu, "");

/** `token: "access_token"`, `"password": "Password"`: what repeats its own name, or part of it, is a label. */
export function isOwnName({ text, name }: Value): boolean {
  if (text.length > 48 || /[0-9]/.test(text)) return false;
  const [value, own] = [letters(text), letters(name)];
  return (
    value !== "" &&
    (value === own || (own.endsWith(value) && value.length >= 4) || (value.endsWith(own) && own.length >= 5))
  );
}

const IDENTIFIER = /^[$@&*]?[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const SPEAKS_OF_SECRETS =
  /pass|pwd|secret|token|key|cred|user|login|auth|value|param|input|conf|default|str$|text|hash|var/i;

/**
 * Whether an unquoted value reads as a variable: code and configuration look alike, and only the surroundings tell
 * `password=swordfish` in a file of settings from `connect(password=pwd)`.
 */
export function isVariable({ text, name, next, spaced, manner }: Value): boolean {
  const bare = text.replace(/[;,]$/, "");
  if (manner === "told" || !IDENTIFIER.test(bare)) return false;
  const isOfCode =
    /[;,]$/.test(text) ||
    /[,)}\]]/.test(next) ||
    // `Password=swordfish;Encrypt=true` is a connection, `password = other;` is code.
    (next === ";" && (spaced || bare.length < 4 || SPEAKS_OF_SECRETS.test(bare)));
  const isCamel = /[a-z][A-Z]/.test(bare) && /^\D*\d\D*$/.test(bare) && SPEAKS_OF_SECRETS.test(bare);
  const isJumbled = /[0-9]/.test(bare) && !isCamel && !/^[A-Za-z]+_?[0-9]{1,2}$/.test(bare);
  if (isJumbled) return false;
  // `POSTGRES_PASSWORD: mysecret`: an environment has names like this, and its values stand alone.
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(name) && /^[a-z]{6,32}$/.test(bare) && (next === "" || next === "\n"))
    return false;
  if (isOfCode) return true;
  if (/^[A-Z][A-Z0-9_]*$/.test(bare) && bare.includes("_") && SPEAKS_OF_SECRETS.test(bare)) return true;
  return (spaced || manner === "flag") && SPEAKS_OF_SECRETS.test(bare);
}
