import { type Rule, spansOf } from "../../rule.ts";

const BODY = "16C7e42F292c6912E7710c838347Ae178B4a";
const FINE = `${"github"}_pat_${"11ABCDEFG0"}${"abcdefghijkl"}_${"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghij"}`;
const EXPRESSION = /gh[opusr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}/g;
const HINT = /gh[opusr]_|github_pat_/;

/** GitHub's tokens: personal (classic and fine-grained), OAuth, user-to-server, server-to-server, refresh. */
export const githubToken: Rule = {
  kind: "GITHUB_TOKEN",
  family: "credential",
  signs: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
  examples: [
    ...["p", "o", "u", "s", "r"].map((letter) => ({ text: `use gh${letter}_${BODY}.`, secret: `gh${letter}_${BODY}` })),
    { text: `https://x:${FINE}@github.com/a/b`, secret: FINE },
  ],
  counterExamples: ["ghp_short", "the prefix is github_pat_", `ghx_${BODY}`],
  find: (text) => (HINT.test(text) ? spansOf(text, EXPRESSION) : []),
};
