import { fragmentOf, routeOf } from "./place.ts";
import type { SignIn } from "./sign-in.ts";

/** What came of arriving at the page. */
export type Entered =
  | { readonly kind: "in"; readonly signIn: SignIn; readonly name: string }
  | { readonly kind: "out"; readonly signIn: SignIn; readonly title: string; readonly message: string }
  | { readonly kind: "leaving" }
  | { readonly kind: "failed"; readonly error: unknown };

/** What is said when the provider's own page cannot be opened. */
export const unreachable = (signIn: SignIn, error: unknown) =>
  ({
    kind: "out",
    signIn,
    title: "The sign-in cannot be reached",
    message: `Check your connection and try again. ${messageOf(error)}`,
  }) as const;

/** The room that the address names, as the sign-in is to return to it. */
export const here = () => fragmentOf(routeOf(location.hash));

/** Lets in who is signed in, and sends everyone else to the sign-in and back to where they wanted to go. */
export async function enter(signIn: SignIn): Promise<Entered> {
  try {
    await signIn.finish();
    if ((await signIn.token()) !== undefined) return { kind: "in", signIn, name: (await signIn.name()) ?? "" };
  } catch (error) {
    return { kind: "out", signIn, title: "The sign-in did not succeed", message: messageOf(error) };
  }
  try {
    // Opening a link from an e-mail asks for the sign-in at once; it changes nothing else.
    await signIn.start(here());
    return { kind: "leaving" };
  } catch (error) {
    return unreachable(signIn, error);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : "");
