import { ACCOUNTS } from "./accounts.ts";

const safe = (text: string) => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 4rem auto; padding: 0 1rem; color: #1b1f24; background: #fff }
  label, legend { display: block; margin-top: 1rem; font-weight: 600 }
  select, input { font: inherit; width: 100%; padding: .5rem; box-sizing: border-box; border: 1px solid #57606a; border-radius: .25rem }
  button { font: inherit; margin-top: 1.5rem; padding: .6rem 1.2rem; border: 0; border-radius: .25rem; background: #0b4f9e; color: #fff }
  :focus-visible { outline: 3px solid #b35900; outline-offset: 2px }
  [role=alert] { border-left: .3rem solid #b00020; padding: .5rem 1rem; background: #fdecee }`;

const page = (title: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title><style>${STYLE}</style></head><body><main><h1>${safe(title)}</h1>${body}</main></body></html>`;

/** The sign-in form. `client` is the application that asked; `problem` says why the last try failed. */
export function loginPage(action: string, client: string, problem: string | null): string {
  const options = ACCOUNTS.map(
    (account) => `<option value="${account.id}">${safe(`${account.id} (${account.groups.join(", ")})`)}</option>`,
  ).join("");
  return page(
    "Local sign-in",
    `${problem ? `<p role="alert">${safe(problem)}</p>` : ""}
    <p>Continue to <strong>${safe(client)}</strong>. On this laptop a password is the account's own name.</p>
    <form method="post" action="${safe(action)}">
      <label for="account">Account</label><select id="account" name="account">${options}</select>
      <label for="password">Password</label><input id="password" name="password" type="password" autocomplete="off" required autofocus>
      <button type="submit">Sign in</button>
    </form>`,
  );
}

/** What a person sees when a sign-in cannot go on. */
export const errorPage = (error: string, description: string): string =>
  page(
    "Sign-in failed",
    `<p role="alert">${safe(error)}: ${safe(description)}</p><p>Start again from the application.</p>`,
  );
