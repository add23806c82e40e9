import "./page.css";
import { followColorScheme } from "./app/color-scheme.ts";
import { type Entered, enter } from "./app/enter.ts";
import { createSignIn } from "./app/sign-in.ts";

// Whoever is not signed in leaves for the sign-in at once: the rooms are loaded only for those who can enter them.
const answered = new URLSearchParams(location.search).has("state");
if (answered) void import("./app/rooms.tsx");
followColorScheme();

const entered = createSignIn().then(enter, (error: unknown): Entered => ({ kind: "failed", error }));
entered.then(async (outcome) => {
  if (outcome.kind === "leaving") return;
  const place = document.querySelector("#page");
  const { showRooms } = await import("./app/rooms.tsx");
  if (place) showRooms(place, outcome);
});
