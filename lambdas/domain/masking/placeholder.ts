import { isReference } from "./reference.ts";

/** Words and marks that stand where a secret would: nothing is lost when they are seen, and masking them would only confuse. */
const MARK =
  /^(?:null|none|nil|undefined|true|false|yes|no|required|optional|empty|n\/?a|tbd|todo|redacted|\[?(?:redacted|hidden|masked|filtered)\]?|placeholder|dummy|:?\*{3,}|[•●]{3,}|\.{3,}|-{3,}|_{3,}|x{3,}|0{4,}|%[sdv](?::%[sdv])?|\?|\*)$/i;
/** A version in a list of dependencies: `"auth-token": "^6.0.0"`. */
const VERSION = /^[~^<>=v ]{0,3}[0-9]{1,4}\.[0-9]{1,6}\.[0-9]{1,6}(?:[-+][A-Za-z0-9.-]{1,40})?$/;
const TO_REPLACE =
  /^(?:see|ask|refer|check|stored|kept|provided|available|sent)(?: [A-Za-z./-]{1,32}){0,6}$|^(?:change|replace|insert|enter|put|add|set|fill)[-_ .]?(?:it|me|this|here|in|your|the|with|a)\b[A-Za-z_ .-]{0,48}$|^(?:your|my|some|the|an?)[-_ ](?:[a-z0-9]{1,16}[-_ ]){0,4}(?:password|passphrase|passwd|pass|secret|token|key|credentials?|id|value|here)(?:[-_ ]here)?$|^(?:example|sample|fake|mock|placeholder|dummy)[-_ ]?(?:password|secret|token|key|value|api[-_ ]?key)$/i;
/** Sentences of interfaces and documentation: "Enter your password", "Mot de passe oublié ?". Letters and stops alone; a secret among them has a digit. */
const SENTENCE = /^[\p{L}’'-]+(?:[ ,:/]{1,2}[\p{L}’'()-]+){1,24}[.!?:…]{0,3}(?: ?[?!])?$/u;
/** What forms and documentation say of passwords. */
const TELLS =
  /passwor[dt]|kennwort|mot de passe|contrase|senha|wachtwoord|lösenord|hasło|пароль|пароля|api key|must|required|invalid|incorrect|forgot|enter |your |please|confirm/i;
/** In a passphrase of plain words these may stand too: a sentence about them begins as one, or has its small words. */
const NAMES = /passphrase|token|secret|geheim|credential/i;
const SMALL_WORDS = /^\p{Lu}|\b(?:the|is|are|for|of|from|to|with)\b/u;
const isSentence = (value: string): boolean =>
  SENTENCE.test(value) && (TELLS.test(value) || (NAMES.test(value) && SMALL_WORDS.test(value)));
/** The word itself and what forms say beside it, in the languages of the web: labels. */
const LABEL =
  /^(?:(?:ihr |dein |votre |su |tu |sua |la |el |le |das |new |old |current |confirm |repeat |neues |nuova |nueva |nouveau )?(?:password|passwort|kennwort|mot de passe|contraseña|senha|palavra-passe|wachtwoord|hasło|lösenord|adgangskode|passord|salasana|heslo|jelszó|parolă|şifre|parola|пароль|密码|密碼|パスワード|비밀번호|סיסמה|كلمة المرور|mật khẩu|รหัสผ่าน|token|jeton|secret|geheimnis|api[ -]?key|clave)|required|erforderlich|obligatori[ao]|obrigatóri[ao]|requis|requerid[ao]|richiesto|vereist|wymagane|обязательно|必須|必填|gerekli|ungültig|falsch|invalid[aeo]?|incorrect[ao]?|vergessen|updated|changed|expired|protected|encrypted|missing|not set|unset|set)[.!?:*…]?$/iu;
/** What interfaces and authentication settings say of a kind of secret, not the secret. */
const SCHEME =
  /^(?:basic|bearer|digest|oauth2?|oidc|saml2?|jwt|ntlm|kerberos|negotiate|apikey|api[-_]key|string|number|integer|boolean|object|array|text|hidden|inherit|disabled|enabled|base64(?:url)?(?:[- ]encoded)?)$/i;

/** Rules by which frameworks check a form: `required|string|min:8`. */
const VALIDATION =
  /^(?:required|nullable|sometimes|bail|string|present|filled)(?:\|[a-z_]{2,24}(?::[\w,]{1,32})?){1,10}$/;

/** Whether a value that stands where a secret would is a stand-in for it, a reference to it or a sentence about it. */
export const isPlaceholder = (value: string): boolean => {
  if (value.length > 420) return false;
  return (
    MARK.test(value) ||
    isReference(value, isPlaceholder) ||
    TO_REPLACE.test(value) ||
    SCHEME.test(value) ||
    VERSION.test(value) ||
    VALIDATION.test(value) ||
    (value.length <= 40 && LABEL.test(value)) ||
    (value.includes(" ") && isSentence(value))
  );
};

/** What source code writes after a name: a type, a call, a look into the environment, an expression. */
const CODE =
  /^(?:[A-Za-z_][\w.[\]|<>?]{0,40} = |(?:null|nil|none|undefined|true|false)\?|[A-Za-z_][\w.]{0,40} (?:or|if|\+|\?\?|\|\|?|&&|==|\?) |(?:string|str|number|bool(?:ean)?|any|unknown|bytes?|char|object|optional|void|null|nil|none|self|this|input|data)\b[^=]{0,8}$|(?:[A-Za-z_$][\w$]{0,63}(?:\.|->|::|\?\.)){0,8}[A-Za-z_$][\w$]{0,63}(?:\[|\((?![^()]{0,40}\)[\w!#$%&*@]))|(?:Get|New|Read|ConvertTo|Import|Invoke|Select)-[A-Z][A-Za-z]+|(?:await|new|function|async|return|lambda|typeof|if|not)\b|[({[]|[&*!][A-Za-z_]|(?:process\.env|import\.meta|os\.environ|os\.getenv|System\.getenv|ENV|env|vars?|local|data|secrets|self|this|config|settings|options|props|args|params|req|request|ctx|context|input|form|event|body|payload|user|model|state|session|response|result|conf|cfg|opts)(?:\.|->|\[|\?\.)\w)/i;
/** `user.password`, `opts->token`, `Foo::BAR`: members, not texts; a secret with a dot in it has digits too. */
const MEMBER = /^[$@]?[A-Za-z_]\w{0,63}(?:(?:\.|->|::|\?\.)#?[A-Za-z_]\w{0,63}){1,8}\(?[;,)]?$/;

/** Whether an unquoted value reads as source code rather than as the value itself. */
export const isCode = (value: string): boolean =>
  CODE.test(value) || (MEMBER.test(value) && !/[0-9].*[0-9]/.test(value));
