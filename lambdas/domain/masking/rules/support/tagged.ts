import type { Span } from "../../rule.ts";

const TAG = /<[A-Za-z][\w:.-]{0,40}\s[^<>]{1,1024}>/g;
const VALUE = /\s(?:value|content|default)\s{0,4}=\s{0,4}(?:"([^"]{1,512})"|'([^']{1,512})')/di;
const NAME = /\s(?:name|key|id|ng-model|formcontrolname)\s{0,4}=\s{0,4}["']?([\w.:-]{1,64})/gi;
const PASSWORD_INPUT = /\stype\s{0,4}=\s{0,4}["']?password/i;

/** Values that stand in a tag before the name which makes them secret: `<input value="…" name="password">`. */
export function taggedValues(text: string, isName: (name: string) => boolean): Span[] {
  const spans: Span[] = [];
  if (!/\s(?:value|content|default)\s{0,4}=/i.test(text)) return spans;
  for (const { 0: tag, index } of text.matchAll(TAG)) {
    const value = VALUE.exec(tag)?.indices;
    const [from, to] = value?.[1] ?? value?.[2] ?? [0, 0];
    if (from === 0) continue;
    const names = [...tag.slice(to).matchAll(NAME)].map((match) => match[1] ?? "");
    if (names.some(isName) || PASSWORD_INPUT.test(tag)) spans.push({ start: index + from, end: index + to });
  }
  return spans;
}
