import type { RecordType } from "../../lambdas/domain/evidence/record.ts";
import type { Control } from "./controls.ts";
import { APPROVING, CREDENTIALS, DOOR, FUZZ, PAGES, shown, TOKENS } from "./places.ts";

/** Where a test of an attack stands. */
export interface Shown {
  readonly file: string;
  /** The test's title below those of its groups, ` > ` between them, as the source has it. */
  readonly title: string;
  /** Rows of its table that are this attack; the whole table where none is named. */
  readonly rows?: readonly string[];
}

export interface Attack {
  /** What the attacker does. */
  readonly what: string;
  /** What stops it. */
  readonly stops: string;
  readonly controls: readonly Control[];
  readonly shown: readonly Shown[];
  /** The record that it leaves and the test that shows it, or why there is none to leave. */
  readonly record: { readonly type: RecordType; readonly shown: Shown } | { readonly none: string };
}

/** A refused token is the same record whatever was wrong with it. */
const TOKEN_REFUSED: Attack["record"] = {
  type: "access.refused",
  shown: shown(
    "test/refusals/refusals.test.ts",
    "every refusal leaves a record > of each odd token, with its fault and nothing of its claims",
  ),
};
const token = (...rows: string[]) => [shown(TOKENS.file, TOKENS.attacks, ...rows)];
const CHOSEN = "keys come from the configured place alone, chosen after `iss`; a header that names another is refused";

/** The attacks that this gateway is built to stand, each with what stops it, the controls, the tests and the record. */
export const ATTACKS = {
  "jwt-none": {
    what: "a token without a signature that says `alg: none`, in any spelling",
    stops: "algorithms are configured for each issuer; the token's own word chooses nothing",
    controls: ["IA-2", "SC-13"],
    shown: token("alg none", "alg none with a signature", "alg nOnE", "no alg at all"),
    record: TOKEN_REFUSED,
  },
  "jwt-key-confusion": {
    what: "a MAC made with the public key as its secret",
    stops: "no symmetric algorithm is known, and no symmetric key taken from a key set",
    controls: ["IA-2", "SC-12", "SC-13"],
    shown: token(
      "HS256 with the public key's PEM as secret",
      "HS256 with the public key's DER as secret",
      "HS256 with the key set's JSON as secret",
      "HS256 with a symmetric key that the set lists",
    ),
    record: TOKEN_REFUSED,
  },
  "jwt-kid-injection": {
    what: "a key id that is a path, a URL, SQL, or a name that every object has",
    stops: CHOSEN,
    controls: ["IA-2", "SC-12", "SI-10"],
    shown: token("a kid that is a URL", "a kid that is a path", "a kid that is SQL", "a kid that every object has"),
    record: TOKEN_REFUSED,
  },
  "jwt-jku-injection": {
    what: "a key set of the attacker's, named or carried in the header (`jku`, `jwk`)",
    stops: CHOSEN,
    controls: ["IA-2", "SC-7", "SC-12"],
    shown: [
      ...token("a jku in the header", "a jwk in the header"),
      shown(TOKENS.file, `${TOKENS.group} > nobody ever asked the attacker for keys`),
    ],
    record: TOKEN_REFUSED,
  },
  "jwt-x5u-injection": {
    what: "a certificate chain of the attacker's, named or carried in the header (`x5u`, `x5c`)",
    stops: CHOSEN,
    controls: ["IA-2", "SC-7", "SC-12"],
    shown: token("an x5u in the header", "an x5c in the header"),
    record: TOKEN_REFUSED,
  },
  "jwt-algorithm-swap": {
    what: "another algorithm than the issuer's, or another than its key is for",
    stops: "algorithms are configured for each issuer, and each key is of one kind",
    controls: ["IA-2", "SC-13"],
    shown: token(
      "an algorithm that the issuer is not configured for",
      "PS256",
      "an elliptic key's id under RS256",
      "an RSA key's id under ES256",
      "the algorithm in lower case",
    ),
    record: TOKEN_REFUSED,
  },
  "jwt-stripped-signature": {
    what: "a signature that is cut off, halved, of zeros, or another token's",
    stops: "every token's signature is verified over its very bytes",
    controls: ["IA-2", "SC-13"],
    shown: token(
      "a signature that was cut off",
      "no third part",
      "half a signature",
      "another token's signature",
      "claims that were changed",
      "an ES256 signature of zeros (psychic)",
    ),
    record: TOKEN_REFUSED,
  },
  "jwt-wrong-type": {
    what: "a logout token, a DPoP proof, an ID token or an encrypted one in an access token's place",
    stops: "`typ` is the usual one or the one that is configured; required claims tell the rest apart",
    controls: ["IA-2", "IA-5"],
    shown: token(
      "an ID token's back channel: a logout token",
      "a DPoP proof",
      "a security event",
      "another type than the issuer sets",
      "no type where the issuer sets one",
      "a required claim with another value: an ID token",
      "an encrypted token",
    ),
    record: TOKEN_REFUSED,
  },
  "jwt-future-times": {
    what: "a token from the future, or one that lives for years or for ever",
    stops: "`nbf` and `iat` are compared with the clock; a longest lifetime is configured; `exp` must be there",
    controls: ["IA-2(8)", "IA-5"],
    shown: token(
      "a token that is not valid yet",
      "a token issued in the future",
      "a token that lives for years",
      "a token that lives for years and says not since when",
      "an expiry beyond all time",
      "no expiry",
    ),
    record: TOKEN_REFUSED,
  },
  "jwt-ancient-times": {
    what: "a token that has expired, was issued long ago, or before all time",
    stops: "`exp` is checked by the authorizer and again by each function, whatever is cached",
    controls: ["IA-2(8)", "IA-5"],
    shown: token("an expired token", "a token issued long ago", "a token issued in 1970", "an expiry before all time"),
    record: TOKEN_REFUSED,
  },
  "jwt-duplicated-claims": {
    what: "two subjects, audiences, issuers or algorithms in one token, one of them in an escape",
    stops: "a token with a name twice, at any depth and in any spelling, is refused before it is verified",
    controls: ["IA-2", "SI-10"],
    shown: token(
      "two subjects",
      "two audiences, the second in an escape",
      "two issuers",
      "two groups within a claim",
      "two algorithms",
    ),
    record: TOKEN_REFUSED,
  },
  "jwt-oversize": {
    what: "a token that is costly to read: too long, or nested without end",
    stops: "length and depth are bounded before anything is parsed",
    controls: ["SC-5", "SI-10"],
    shown: [
      ...token("claims nested without end"),
      shown(
        TOKENS.file,
        "a token that is too long is answered with 403 and why, told once: the next one would be as long",
      ),
    ],
    record: TOKEN_REFUSED,
  },
  "jwt-replayed-from-another-server": {
    what: "a victim's token that another MCP server asked our authorization server for, and sends on to this one",
    stops:
      "the audience is the gateway's own; where Cognito names a client in its place, every resource of `aud` must be the gateway's too",
    controls: ["IA-2", "IA-9"],
    shown: [
      ...token("another audience"),
      shown(
        "test/authorizer/saml.test.ts",
        "a token of a person who came by SAML > that was asked for by the URL of %s is refused, and the record says audience",
      ),
      shown(
        "test/domain/identity/providers.test.ts",
        "tokens of people > refuses %s",
        "Cognito's token for another MCP server",
        "Cognito's token for ours and another",
      ),
    ],
    record: TOKEN_REFUSED,
  },
  "session-theft": {
    what: "another principal's session id, event id or `requestState`, whole or changed",
    stops: "each is sealed to its principal, its server and, for states, its call",
    controls: ["SC-23", "IA-2(8)"],
    shown: [
      shown(DOOR.file, DOOR.session),
      shown("test/gateway/sessions.test.ts", "a legacy session > is not found for %s"),
      shown("test/gateway/bad-input.test.ts", "a requestState that is not this call's > %s"),
      shown("test/fuzz/seals.test.ts", "a seal > with any bit of its bytes changed is refused"),
    ],
    record: { type: "call.denied", shown: shown(DOOR.file, DOOR.session) },
  },
  "header-body-smuggling": {
    what: "headers that name another tool, method or revision than the body, or come twice",
    stops:
      "headers are compared with the body; decisions are about the bytes that are sent, and servers get the body's words alone",
    controls: ["AC-4", "SI-10"],
    shown: [
      shown("test/gateway/bad-input.test.ts", "headers of 2026-07-28 that disagree with the body > %s"),
      shown(DOOR.file, "a header that comes twice > %s last is refused and recorded"),
      shown(
        DOOR.file,
        "a header that comes twice > another tool first is called as the body says, and the server hears of no other",
      ),
      shown(DOOR.file, "a header that comes twice > a second token (%s) lets nobody in"),
      shown(FUZZ.headers, "checkHeaders > passes exactly what the specification lets pass"),
      shown(FUZZ.message, "readClientMessage > a name twice is refused at any depth, in any spelling"),
    ],
    record: {
      type: "call.denied",
      shown: shown(DOOR.file, "a header that comes twice > %s last is refused and recorded"),
    },
  },
  "path-smuggling": {
    what: "a path in another spelling: escapes, doubled escapes and slashes, dots, semicolons, targets that name a host",
    stops:
      "a server's name is compared as it stands; each function checks its own audience, so no path makes an agent's token worth more",
    controls: ["AC-3", "AC-4", "SI-10"],
    shown: [
      shown(DOOR.file, DOOR.path("%s is the server's own, once and on record")),
      shown(DOOR.file, DOOR.path("%s is no server: 404, recorded, and nothing is called")),
      shown(DOOR.file, DOOR.path("%s is nothing: 404 of the door itself")),
      shown(DOOR.file, DOOR.path("an agent's token opens nothing of approvers' and auditors': %s %s")),
      shown("test/lambdas/site.test.ts", "the console's files > never leaves its folder for %s"),
    ],
    record: {
      type: "call.denied",
      shown: shown(DOOR.file, DOOR.path("%s is no server: 404, recorded, and nothing is called")),
    },
  },
  "length-smuggling": {
    what: "one request that two parsers end in two places: lengths against chunks, odd chunks, folded lines, encodings of the body",
    stops: "the door parses strictly; bodies are read as they came, never unpacked, and must be UTF-8 and strict JSON",
    controls: ["SC-7", "SI-10"],
    shown: [
      shown(DOOR.file, "two lengths for one body > %s: nothing of it or behind it is called"),
      shown(
        "test/gateway/bad-input.test.ts",
        "a message that is none > %s",
        "invalid UTF-8",
        "a byte order mark",
        "cut JSON",
      ),
    ],
    record: {
      none: "the door answers 400 before there is a request: no function runs and no log names it. In AWS that door is API Gateway (docs/unverified.md)",
    },
  },
  "ssrf-by-configuration": {
    what: "a server or a token endpoint that is this machine, instance metadata or another network, in any spelling",
    stops:
      "synth refuses such addresses; whatever is configured, the address is checked at the connection that is made",
    controls: ["AC-4", "SC-7"],
    shown: [
      shown(
        "test/lib/network.test.ts",
        "synth refuses what it can know is wrong, with file, line and cause > the private server %s",
      ),
      shown(
        "test/lib/credentials.test.ts",
        "a credential that cannot work is told at synth, with line, path, what was found and what is allowed > %s",
        "a token endpoint where AWS keeps a machine's own credentials",
        "a token endpoint on the function's own machine",
      ),
      shown("test/upstream/rebinding.test.ts", "the metadata, however it is written > %s is refused, on a laptop too"),
      shown("test/upstream/addresses.test.ts", "an address that is > %s is refused to every server"),
      shown(CREDENTIALS.addresses, "a token endpoint (%s) > is not asked at %s, on a laptop neither"),
      shown(CREDENTIALS.addresses, "a private token endpoint is not asked at %s, outside the blocks of its server"),
      shown(CREDENTIALS.minter, "a token endpoint that is said to be public is not asked at %s"),
    ],
    record: {
      none: "synth refuses it, so it is never deployed; a name that leads there is recorded (`dns-rebinding`)",
    },
  },
  "ssrf-by-redirect": {
    what: "a server or a token endpoint that answers with a redirect to somewhere inside",
    stops: "redirects are told and not followed; credentials go to the configured place alone",
    controls: ["AC-4", "SC-7"],
    shown: [
      shown("test/upstream/rebinding.test.ts", "a redirect to %s is told and not followed"),
      shown("test/upstream/failures.test.ts", "redirects are not followed > %s (%i)"),
      shown(CREDENTIALS.addresses, "a token endpoint (%s) > that redirects to %s is not followed"),
      shown(
        "test/authorizer/key-sets.test.ts",
        "an issuer that serves something else > %s: the keys it served before stay, and without any nobody is refused for it",
        "a redirect",
      ),
    ],
    record: {
      type: "call.completed",
      shown: shown(DOOR.file, DOOR.elsewhere("by a redirect is told and recorded, and nobody else is asked")),
    },
  },
  "dns-rebinding": {
    what: "a name whose answer changes between the check and the connection; a web page whose name becomes the gateway's",
    stops:
      "the address that was checked is the one that is connected to; `Host` and `Origin` must be the gateway's own",
    controls: ["AC-4", "SC-7", "IA-9"],
    shown: [
      shown(
        "test/upstream/rebinding.test.ts",
        "a name whose answer changes > is refused at the connection that would go to the metadata, and nothing is sent",
      ),
      shown(
        "test/upstream/rebinding.test.ts",
        "a name with several addresses > of which one is refused is refused: %j",
      ),
      shown(
        CREDENTIALS.addresses,
        "a token endpoint (%s) > whose name changes to the metadata is refused at the connection, and neither secret nor token is sent",
      ),
      shown(
        DOOR.file,
        DOOR.path("a target that names another host is refused by the host that the gateway knows, and recorded"),
      ),
      shown(FUZZ.headers, "checkOrigin > lets pass its own host and no other"),
    ],
    record: {
      type: "call.completed",
      shown: shown(DOOR.file, DOOR.elsewhere("by its name %s is not asked, told and recorded")),
    },
  },
  "log-injection": {
    what: "line ends, terminal escapes and turned text in whatever is logged: agents, paths, names, servers' answers",
    stops:
      "each entry is one line of JSON in which nothing steers; records are canonical JSON, and viewers show characters by name",
    controls: ["AU-9", "SI-10", "SI-15"],
    shown: [
      shown(
        DOOR.file,
        "texts that would steer who reads the log > stand in it escaped: every entry of all these attacks is one line of JSON, by a function of ours",
      ),
      shown(DOOR.file, "texts that would steer who reads the log > and of tokens and bodies there is nothing"),
      shown(
        "test/bin/story.test.ts",
        "what a terminal is given > holds nothing that steers it, whatever the records hold",
      ),
    ],
    record: {
      type: "call.denied",
      shown: shown(
        DOOR.file,
        "texts that would steer who reads the log > reach it through agents, paths, names, reasons and servers' answers, and are recorded",
      ),
    },
  },
  "prototype-pollution": {
    what: "`__proto__` and `constructor` in arguments, `_meta`, claims, bodies of the approvers' API and configuration",
    stops: "JSON is read without assignments; names that every object has are members like any other, or none",
    controls: ["SI-10"],
    shown: [
      shown(
        DOOR.file,
        "names that every object has > in arguments and _meta go to the server and the record as they came, and change nothing here",
      ),
      shown(DOOR.file, "names that every object has > in a body for %s are no members of it"),
      shown(TOKENS.file, "claims by names that every object has > are nobody's groups, name or person"),
      shown(
        "test/attacks/configuration.test.ts",
        "names that every object has are keys like any other in a configuration, and none of its keys > %s is refused",
      ),
      shown(
        "test/gateway/pins.test.ts",
        "a tool's definition > may be named like nothing good, given twice, or be no definition at all",
      ),
    ],
    record: {
      type: "call.denied",
      shown: shown(DOOR.file, "names that every object has > do not stand for what %s lacks: refused and recorded"),
    },
  },
  redos: {
    what: "text on which a regular expression takes for ever",
    stops:
      "configured expressions are proven linear at synth, those of the front door and of the reader of commands in a test; what rules of masking and risk cost is measured on costly texts and grows no faster than they do; what variables multiply is counted, and beyond a bound left unassessed",
    controls: ["SC-5", "SI-10"],
    shown: [
      shown(
        "test/attacks/expressions.test.ts",
        "every expression that reads a request before it is decided > takes linear time, proven: %s",
      ),
      shown("test/domain/risk/rule-files.test.ts", "risks: %j is refused with its place"),
      shown(
        "test/attacks/expressions.test.ts",
        "risk assessment of a text that is made to be costly > costs no more than its length does: %s %j %j %j",
      ),
      shown("test/domain/risk/spellings.test.ts", "what variables become > is counted, and so much is read: %s"),
      shown("test/domain/risk/assess.test.ts", "assess > takes linear time for many %j"),
      shown("test/domain/masking/rules.test.ts", "$kind > takes time that grows no faster than the text"),
    ],
    record: { none: "nothing goes wrong: the text is read in its time, and its call is recorded as any other" },
  },
  "decompression-bomb": {
    what: "a megabyte that would be a gigabyte, from a client, a server or a token endpoint; aliases of YAML",
    stops:
      "nothing that others send is unpacked: clients' bodies are read as they came, servers are asked for plain text and refused otherwise",
    controls: ["SC-5", "SI-10"],
    shown: [
      shown(
        DOOR.file,
        "a body that must be unpacked to be read > is not unpacked as %s: 400 at once, and the record has the size of what came",
      ),
      shown(DOOR.file, "a body that must be unpacked to be read > an answer of a server is not unpacked: %s"),
      shown(CREDENTIALS.addresses, "a token that comes packed as %s is not unpacked: a bomb would come so"),
      shown(
        "test/attacks/configuration.test.ts",
        "aliases of aliases, which would be a billion entries, are refused before they are made",
      ),
    ],
    record: {
      type: "call.denied",
      shown: shown(
        DOOR.file,
        "a body that must be unpacked to be read > is not unpacked as %s: 400 at once, and the record has the size of what came",
      ),
    },
  },
  "approval-link-scanning": {
    what: "a mail scanner or a preview that opens, prefetches or posts an approval's link",
    stops:
      "GET shows and POST decides, with the fresh token of the console's own client; the link holds the id in its fragment",
    controls: ["AC-3(2)", "AC-6(10)"],
    shown: [
      shown(DOOR.file, DOOR.scanner),
      shown(APPROVING.decisions, "a decision > is not made by a GET, whatever it carries"),
      shown("test/console/link.test.ts", "the link from the e-mail > loads no room before the sign-in"),
    ],
    record: { type: "access.refused", shown: shown(DOOR.file, DOOR.scanner) },
  },
  csrf: {
    what: "a page of another site that lets the approver's or the agent's browser call the gateway",
    stops:
      "tokens stand in a header that no page of another site can set; no cookie is read or set, no other origin allowed",
    controls: ["AC-3", "SC-23"],
    shown: [
      shown(DOOR.file, "a page of another site > does nothing at %s with a cookie, as %s, and is recorded"),
      shown(DOOR.file, "a page of another site > is not let ask %s for more"),
      shown(
        PAGES,
        "a page of another site > decides nothing for an approver who is signed in, by form, image or script",
      ),
      shown(PAGES, "a page of another site > leaves an approver nothing in cookies that it could use"),
    ],
    record: {
      type: "access.refused",
      shown: shown(DOOR.file, "a page of another site > does nothing at %s with a cookie, as %s, and is recorded"),
    },
  },
  clickjacking: {
    what: "a frame around the console, under something to click on",
    stops: "`frame-ancestors 'none'` and `X-Frame-Options: DENY` on every answer of the site",
    controls: ["AC-4", "SC-18"],
    shown: [
      shown(PAGES, "a page of another site > shows nothing of ours in a frame of its own: %s"),
      shown(DOOR.file, "a page of another site > frames nothing of %s"),
    ],
    record: { none: "the browser refuses the frame: what the gateway sees of it is a page that anyone may load" },
  },
  xss: {
    what: "markup in every field of a tool, argument, reason, result, name or record that a page or the replay file shows",
    stops: "texts are shown as text; policies of page and file run nothing inline",
    controls: ["SC-18", "SI-10", "SI-15"],
    shown: [
      shown(PAGES, "markup in every text of an answer is shown as text > %s"),
      shown(PAGES, "markup in every text of an answer is shown as text > the inbox (%s)"),
      shown(PAGES, "markup in every text of an answer is shown as text > access (%s)"),
      shown(PAGES, "markup in every text of an answer is shown as text > what the API says of a failure"),
      shown(PAGES, "the replay file shows every text of every type of record as text, and asks for nothing"),
      shown(
        "test/console/approval.test.ts",
        "text that an attacker wrote > could not run even if it became markup: the policy of the page forbids it",
      ),
      shown("test/bin/story.test.ts", "the page that is handed over > forbids by itself what it does not do"),
    ],
    record: {
      type: "call.received",
      shown: shown(
        DOOR.file,
        "markup that waits for an approver is on record as it was written, and the API hands it on as JSON alone",
      ),
    },
  },
} as const satisfies Readonly<Record<string, Attack>>;

export type AttackName = keyof typeof ATTACKS;
