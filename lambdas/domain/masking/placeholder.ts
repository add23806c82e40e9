/** Words and marks that stand where a secret would: nothing is lost when they are seen, and masking them would only confuse. */
const PLACEHOLDER =
  /^(?:|null|none|nil|undefined|true|false|\*{3,}|\.{3}|x{3,}|\$\{[A-Za-z_][A-Za-z0-9_.]{0,63}\}|\$[A-Z_][A-Z0-9_]{0,63}|\{\{[A-Za-z0-9_. -]{0,64}\}\}|<[A-Za-z_ -]{1,32}>|%[sdv])$/i;

/** What source code writes after a name: a type, a call, a look into the environment. */
const CODE =
  /^(?:(?:string|str|number|bool(?:ean)?|any|unknown|bytes?|char|object|optional|void)\b[^=]{0,8}$|[A-Za-z_$][\w$]{0,63}(?:\.[\w$]{1,63}){0,6}\(|(?:await|new|function|async|return)\b|(?:process\.env|import\.meta|os\.environ|os\.getenv|System\.getenv|env|vars?|local|data|secrets|self|this|config|settings|options|props|args|params|req|request)[.[])/i;

export const isPlaceholder = (value: string): boolean => value.length <= 72 && PLACEHOLDER.test(value);

/** Whether an unquoted value reads as source code rather than as the value itself. */
export const isCode = (value: string): boolean => CODE.test(value);
