import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * Hashes of passwords as systems store them (crypt, bcrypt, Argon2, scrypt, PBKDF2, phpass, Django, LDAP, htpasswd): weak
 * passwords are found from them at leisure.
 *
 * @see https://passlib.readthedocs.io/en/stable/modular_crypt_format.html
 */
export const passwordHash = tokenRule({
  kind: "PASSWORD_HASH",
  signs: ["$", "{SSHA", "{SHA", "{CRYPT}"],
  expression:
    /\$(?:2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{53}|(?:1|apr1)\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22}|[56]\$(?:rounds=[0-9]{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43,86}|(?:y|7|gy)\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|argon2(?:id|i|d)\$(?:v=[0-9]{1,3}\$)?m=[0-9,a-z=]{5,40}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,172}|scrypt\$[A-Za-z0-9=,]{3,40}\$[A-Za-z0-9+/]{11,86}={0,2}\$[A-Za-z0-9+/]{32,172}|pbkdf2-sha[0-9]{1,3}\$[0-9]{1,9}\$[./A-Za-z0-9]{8,86}\$[./A-Za-z0-9]{27,172}|[PH]\$[./A-Za-z0-9]{31})={0,2}|pbkdf2_sha[0-9]{1,3}\$[0-9]{1,9}\$[A-Za-z0-9]{8,64}\$[A-Za-z0-9+/]{43}=|\{(?:SSHA(?:256|512)?|SHA(?:256|512)?|CRYPT)\}[A-Za-z0-9+/$.]{20,200}={0,2}/g,
  examples: [
    `$2b$12$${body(53)}`,
    { text: `ada:$apr1$${body(8)}$${body(22)}`, secret: `$apr1$${body(8)}$${body(22)}` },
    { text: `root:$6$${body(16)}$${body(86)}:19000:0:99999:7:::`, secret: `$6$${body(16)}$${body(86)}` },
    `$argon2id$v=19$m=65536,t=3,p=4$${body(22)}$${body(43)}`,
    `pbkdf2_sha256$600000$${body(22)}$${body(43)}=`,
    `{SSHA}${body(36)}`,
  ],
  counterExamples: ["$1$ and $2", "costs $2.50", "s/(a)/$1/g"],
});
