import { createApi } from "./api.ts";
import { approvalPage } from "./approval-page.ts";
import { button, el } from "./dom.ts";
import { failureOf } from "./failure.ts";
import { listPage } from "./list-page.ts";
import { notice } from "./notice.ts";
import type { Page, PageContext } from "./page.ts";
import { fragmentOf, routeOf } from "./place.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";
import { shown } from "./text.ts";

const main = document.querySelector("main") ?? document.body.appendChild(el("main"));
const account = document.querySelector("#account") ?? el("div");
const here = () => fragmentOf(routeOf(location.hash));

start().catch((error: unknown) => {
  main.replaceChildren(notice(failureOf(error), { signIn: () => location.reload(), retry: () => location.reload() }));
});

async function start(): Promise<void> {
  const signIn = await createSignIn();
  try {
    const back = await signIn.finish();
    if (back !== undefined) history.replaceState(null, "", back);
  } catch (error) {
    return signedOut(signIn, "The sign-in did not succeed", error instanceof Error ? error.message : "");
  }
  // Opening a link from an e-mail asks for the sign-in at once; it changes nothing else.
  if ((await signIn.token()) === undefined) return signIn.start(here());

  account.replaceChildren(el("span", { class: "name" }, ...shown((await signIn.name()) ?? "")));
  let page: Page | undefined;
  account.append(
    button("Sign out", () => {
      page?.stop();
      void signIn.forget().then(() => signedOut(signIn, "You are signed out of this page", ""));
    }),
  );
  const context: PageContext = {
    api: createApi(signIn.token),
    signInAgain: () => void signIn.start(here(), true),
  };
  const show = () => {
    page?.stop();
    const route = routeOf(location.hash);
    page = route.name === "approval" ? approvalPage(route.id, context) : listPage(context);
    main.replaceChildren(page.element);
  };
  addEventListener("hashchange", show);
  show();
}

function signedOut(signIn: SignIn, title: string, message: string): void {
  account.replaceChildren();
  main.replaceChildren(
    el(
      "section",
      { class: "notice", role: "alert" },
      el("h1", {}, title),
      message !== "" && el("p", { class: "said" }, ...shown(message)),
      button("Sign in", () => void signIn.start(here(), true), "primary"),
    ),
  );
}
