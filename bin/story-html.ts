import { createHash } from "node:crypto";
import type { Fact, Step, Story } from "../lambdas/domain/evidence/story.ts";
import { spell } from "./story-text.ts";
import { UNSEEN } from "./visible.ts";

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --line: #8886; --good: #1a7f37; --bad: #c62828; --waiting: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #ff7b72; --waiting: #d4a72c; } }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { overflow-wrap: anywhere; line-height: 1.25; }
ol { list-style: none; padding: 0; }
li.step { border-left: 4px solid var(--line); padding: .25rem 0 .25rem 1rem; margin: 0 0 1rem; }
li.good { border-color: var(--good); } li.bad { border-color: var(--bad); } li.waiting { border-color: var(--waiting); }
li.pause { margin: 0 0 1rem 1rem; font-style: italic; }
h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
time { font-variant-numeric: tabular-nums; font-weight: normal; }
dl { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .1rem .75rem; margin: .25rem 0 0; }
dt { opacity: .75; } dd { margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.45 ui-monospace, monospace; unicode-bidi: isolate; }
.unseen { border: 1px solid var(--waiting); border-radius: 3px; padding: 0 .2em; font-size: .8em; }
@media print { body { max-width: none; } details > * { display: block; } }
`;

/** Characters of a body above which it is folded. */
const FOLDED = 1500;

/**
 * Stories as one page to hand over: nothing is fetched, nothing runs, and the page itself forbids both. What callers and servers
 * wrote is text alone; characters that cannot be seen are named.
 *
 * @param madeAt RFC 3339 UTC
 * @param from where the records were read
 */
export function storyHtml(stories: readonly Story[], madeAt: string, from: string): string {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Countersign: what happened</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>What happened</h1>
<p>Told from ${written(from)} on ${written(madeAt)}. Bodies are masked. This page is a copy to read: <code>countersign verify</code> and
<code>countersign prove &lt;record&gt;</code> show that a record is as it was signed.</p>
${stories.map(sessionHtml).join("\n")}
</main>
</body>
</html>
`;
}

function sessionHtml({ session, principals, from, until, steps }: Story): string {
  return `<section>
<h2>Session ${written(session)}</h2>
<dl>
${factHtml({ label: "who", text: principals.join("\n") || "nobody called" })}
${factHtml({ label: "from", text: from })}
${factHtml({ label: "until", text: until })}
${factHtml({ label: "records", text: String(steps.length) })}
</dl>
<ol>
${steps.map(stepHtml).join("\n")}
</ol>
</section>`;
}

function stepHtml({ id, type, at, gap, what, tone, facts, call }: Step): string {
  const pause = gap < 60_000 ? "" : `<li class="pause">${written(spell(gap))} later</li>\n`;
  const more: Fact[] = [...(call === null ? [] : [{ label: "call", text: call }]), { label: "record", text: id }];
  return `${pause}<li class="step ${tone}">
<h3><time>${written(at)}</time> ${written(type)} ${written(what)}</h3>
<dl>
${[...facts, ...more].map(factHtml).join("\n")}
</dl>
</li>`;
}

function factHtml({ label, text, body }: Fact): string {
  const pre = `<pre>${written(text)}</pre>`;
  const told =
    body === undefined
      ? written(text)
      : text.length <= FOLDED
        ? pre
        : `<details><summary>${text.length} characters</summary>${pre}</details>`;
  return `<dt>${written(label)}</dt><dd>${told}</dd>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of the page. A line break may stay one: it turns nothing. */
const written = (text: string): string =>
  text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "")
    .replaceAll(UNSEEN, (character) =>
      character === "\n" || character === "\t"
        ? character
        : `<span class="unseen">U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}</span>`,
    );
