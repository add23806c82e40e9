const CLOSE = `["'\\\\\`\\])]{0,6}`;
const BLANK = "[ \\t]{0,32}";
const QUOTE = `\\\\{0,7}["'\`]`;
const TYPE = "[A-Za-z_&][\\w.<>?&]{0,32}(?:\\([0-9]{1,5}\\)){0,1}";
/** What stands between a name and its value, in each manner in which text gives values to names; matches at its `lastIndex`. */
export const SEPARATOR = new RegExp(
  [
    // <add key="Password" value="…"/>, {"name": "PASSWORD", "value": "…"}, - name: PASSWORD⏎  value: …
    `(?<label>["'\\\\]{0,4}(?:,\\s{0,24}|\\s{1,24})["'\\\\]{0,4}(?:value|content|default)["'\\\\]{0,4}${BLANK}[:=]${BLANK})`,
    // password: str = "…", password string = "…"
    // variable "db_password" { type = string⏎ default = "…" }
    `(?<block>"\\s{0,4}\\{\\s{0,24}(?:(?:type|description|sensitive)[ \\t]{0,8}=[^\\r\\n]{1,80}\\s{1,24}){0,3}default${BLANK}=${BLANK}(?=${QUOTE}))`,
    // getElement("password").sendKeys("…"), form.password.value = "…"
    `(?<entered>${QUOTE}[ \\t]{0,2}\\)\\.(?:send_?keys|type|fill|set_?value|val|input|enter_?text|clear_?and_?type)\\(${BLANK}(?=${QUOTE})|\\.value${BLANK}=${BLANK}(?=${QUOTE})|\\.(?:equals(?:IgnoreCase)?|compareTo|isEqualTo)\\(${BLANK}(?=${QUOTE}))`,
    // <Password Type="…">…</Password>
    `(?<attributes>(?:[ \\t]{1,4}[\\w:-]{1,32}=["'][^"'<>\\r\\n]{0,128}["']){1,4}[ \\t]{0,4}>)`,
    // password: str = "…", password As String = "…", @pwd varchar(20) = '…', char pass[] = "…"
    `(?<typed>(?:${BLANK}(?::${BLANK}|[ \\t])${TYPE}(?:[ \\t]{1,2}${TYPE}){0,2}|\\[[0-9]{0,4}\\])${BLANK}:?=${BLANK}(?=(?:String(?:::from)?\\(|[A-Za-z@$]{1,2})?${QUOTE}))`,
    `(?<assign>${CLOSE}${BLANK}(?:\\([A-Za-z ]{2,24}\\)[ \\t]{0,2}(?=[:=])){0,1}(?:={1,3}>?|!={1,2}|:{1,2}=|\\?=|\\|\\|=?|<-|->|:(?:\\*{2}){0,1})${BLANK}(?:\\()?)`,
    `(?<element>["'][^<>]{0,80}>\\s{0,40}<value>|["']?>)`,
    `(?<beside>(?:["']?\\])?\\\\{0,3}["'],${BLANK}(?=${QUOTE})|\\(${BLANK}(?:(?:[A-Za-z_]\\w{0,24}(?:\\(\\))?\\.)?(?:encode|encrypt|hash|hashpw|bcrypt|crypt)\\([ \\t]{0,2})?(?=${QUOTE})|[ \\t]{1,3}(?=['"][^'"\\s]{4,64}['"]))`,
    `(?<told>["'*\`]{0,3}[ \\t]{1,3}(?:for (?:the )?[\\w.-]{1,32}(?: [\\w.-]{1,32})?[ \\t]{1,3}(?=is |was )){0,1}(?:(?:(?:is|was|has been|have been) )?(?:set|changed|reset|updated) to|is|was|to|ist|lautet|est|es|è|é)(?: set to| now|:)?[ \\t]{1,3})`,
    // | password | … |
    `(?<cell>[*\`]{0,3}[ \\t]{1,8}\\|[ \\t]{1,8}[*\`]{0,3})`,
    `(?<flag>[ \\t]{1,4})`,
  ].join("|"),
  "yi",
);
