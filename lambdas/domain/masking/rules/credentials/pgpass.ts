import { type Rule, spansOf } from "../../rule.ts";

const SAMPLE = `${"hun"}ter2`;
const EXPRESSION =
  /(?<=(?:^|\n|"|\s)(?:[A-Za-z0-9.-]{3,128}|\*):(?:[0-9]{4,5}|\*):[A-Za-z0-9_*-]{1,63}:[A-Za-z0-9_*.-]{1,63}:)[^\s:"']{3,128}(?=\s|"|$)/g;
const HINT = /:(?:[0-9]{4,5}|\*):[A-Za-z0-9_*-]{1,63}:/;

/**
 * Passwords of `.pgpass`: host, port, database, user, password.
 *
 * @see https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export const pgpass: Rule = {
  kind: "PGPASS_PASSWORD",
  family: "credential",
  signs: [":"],
  examples: [
    { text: `db.example.com:5432:app:ada:${SAMPLE}`, secret: SAMPLE },
    { text: `*:*:*:postgres:${SAMPLE}`, secret: SAMPLE },
  ],
  counterExamples: ["at app.js:1234:56", "2026-11-21 10:20:01 12:30:45", "0:0:0:0:0:0:0:1"],
  reach: 640,
  find: (text) => (HINT.test(text) ? spansOf(text, EXPRESSION).filter(({ start }) => isEntry(text, start)) : []),
};

/** The user has a letter: rows of numbers between colons are something else. */
const isEntry = (text: string, start: number) =>
  /:(?:[A-Za-z_][\w*.-]*|\*):$/.test(text.slice(Math.max(0, start - 66), start));
