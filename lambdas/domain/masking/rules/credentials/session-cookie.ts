import type { Rule } from "../../rule.ts";
import { looksRandom } from "../support/randomness.ts";
import { body, HEX } from "../support/sample.ts";
import { valuesAfter } from "../support/values.ts";

const ID = body(32, HEX);
/** Sessions as servers name them, and what stands in cookies under such names. */
const EXPRESSION =
  /(?<![A-Za-z0-9])(?:PHPSESSID|JSESSIONID|ASP\.NET_SessionId|ASPSESSIONID[A-Z]{8}|connect\.sid|laravel_session|_session_id|session_?id|SESSION_?ID|sessionId|sessionid|SESSDATA|sid|SID|SSID|HSID|__Secure-[A-Za-z0-9.-]{2,40}|__Host-[A-Za-z0-9.-]{2,40}|_gh_sess|user_session|auth_cookie|\.AspNetCore\.[A-Za-z.]{3,30}|\.ASPXAUTH|wordpress_logged_in_[0-9a-f]{32}|csrftoken|XSRF-TOKEN|remember_token|remember_me|session)=["']?([A-Za-z0-9%._~+/:|-]{16,4096}={0,2})/g;
const HINT =
  /sess|cookie|x-csrf|connect\.sid|sid=|SID=|__Secure-|__Host-|auth_cookie|\.AspNetCore\.|\.ASPXAUTH|csrftoken|XSRF-TOKEN|remember_|wordpress_logged/i;

/**
 * Ids of sessions in cookies: who holds one is signed in.
 *
 * @see https://owasp.org/www-community/attacks/Session_hijacking_attack
 */
export const sessionCookie: Rule = {
  kind: "SESSION_COOKIE",
  family: "credential",
  signs: [
    "sess",
    "sid=",
    "__secure-",
    "__host-",
    "auth_cookie",
    ".aspnetcore.",
    ".aspxauth",
    "csrftoken",
    "xsrf-token",
    "remember_",
    "wordpress_logged",
  ],
  examples: [
    { text: `Cookie: theme=dark; sessionid=${ID}; lang=de`, secret: ID },
    { text: `Set-Cookie: __Host-id=${ID}; Secure`, secret: ID },
    { text: `JSESSIONID=${ID.toUpperCase()}`, secret: ID.toUpperCase() },
  ],
  counterExamples: [
    "session=open",
    "Cookie: theme=dark; lang=de",
    "sessionid=<your-session-id-here>",
    "sid=frontend-main-menu-left",
  ],
  reach: 512,
  find: (text) =>
    HINT.test(text)
      ? valuesAfter(text, EXPRESSION).filter(({ start, end }) => looksRandom(text.slice(start, end)))
      : [],
  field: (name) => /^(?:session[_-]?cookie|x-csrf-token|PHPSESSID|JSESSIONID|connect\.sid)$/i.test(name),
};
