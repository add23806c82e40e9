import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { closeServer, listen } from "./port.ts";

/** An e-mail as an approver would get it. */
export interface Mail {
  readonly id: string;
  /** ISO time. */
  readonly at: string;
  readonly topicArn: string;
  readonly subject: string;
  readonly text: string;
  readonly links: readonly string[];
}

export interface Inbox {
  readonly url: string;
  readonly messages: readonly Mail[];
  /** Waits for a mail that fits, also one that came before. */
  waitFor(test: (mail: Mail) => boolean, milliseconds?: number): Promise<Mail>;
  stop(): Promise<void>;
}

const LINK = /https?:\/\/[^\s<>"']+/g;

/** Receives what SNS would send by e-mail: the topics' http deliveries. What comes to `/copy/…`, a further address of the same group, is taken and not shown. */
export async function startInbox(port = 0): Promise<Inbox> {
  const messages: Mail[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    receive(request, response, messages)
      .then(() => {
        for (const look of waiting) look();
      })
      .catch(() => response.writeHead(400).end());
  });
  const url = `http://127.0.0.1:${await listen(server, port)}`;
  const waitFor = (test: (mail: Mail) => boolean, milliseconds = 20_000) =>
    new Promise<Mail>((resolve, reject) => {
      const end = (outcome: () => void) => {
        waiting.delete(look);
        clearTimeout(timer);
        outcome();
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`no such mail within ${milliseconds} ms`))),
        milliseconds,
      );
      const look = () => {
        const found = messages.find(test);
        if (found) end(() => resolve(found));
      };
      waiting.add(look);
      look();
    });
  return { url, messages, waitFor, stop: () => closeServer(server) };
}

async function receive(request: IncomingMessage, response: ServerResponse, messages: Mail[]): Promise<void> {
  if (request.method === "GET" && request.url === "/messages") return json(response, messages);
  if (request.method === "GET" && request.url === "/") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page(messages));
    return;
  }
  if (request.method !== "POST") {
    response.writeHead(404).end();
    return;
  }
  let body = "";
  for await (const piece of request) body += piece;
  const notice = JSON.parse(body) as Record<string, string | undefined>;
  if (notice.Type === "SubscriptionConfirmation" && notice.SubscribeURL) await fetch(notice.SubscribeURL);
  if (notice.Type === "Notification" && !request.url?.startsWith("/copy/")) messages.push(mailOf(notice));
  response.writeHead(200).end();
}

function mailOf(notice: Record<string, string | undefined>): Mail {
  const text = notice.Message ?? "";
  return {
    id: notice.MessageId ?? "",
    at: notice.Timestamp ?? new Date().toISOString(),
    topicArn: notice.TopicArn ?? "",
    subject: notice.Subject ?? "",
    text,
    links: text.match(LINK) ?? [],
  };
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

const safe = (text: string) => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The text with its links made clickable; everything else is shown as it came. */
const linked = (text: string) =>
  text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, at) => (at % 2 === 1 ? `<a href="${safe(part)}">${safe(part)}</a>` : safe(part)))
    .join("");

function page(messages: readonly Mail[]): string {
  const mails = messages.toReversed().map(
    (mail) => `<article><h2>${safe(mail.subject)}</h2>
      <p>To the group ${safe(mail.topicArn.split(":").at(-1) ?? "")}, <time>${safe(mail.at)}</time></p><pre>${linked(mail.text)}</pre></article>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Inbox</title><meta http-equiv="refresh" content="3">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
    article { border: 1px solid #8c959f; border-radius: .3rem; padding: 0 1rem; margin: 1rem 0 } pre { white-space: pre-wrap }</style>
    </head><body><main><h1>Inbox</h1>${mails.join("") || "<p>No mail yet.</p>"}</main></body></html>`;
}
