import "../rooms.css";
import { createRoot } from "react-dom/client";
import type { Entered } from "./enter.ts";
import { failureOf } from "./failure.ts";
import { Gate } from "./gate.tsx";
import { Notice } from "./notice.tsx";

/** Draws the page for whoever has arrived. @param place the element to draw into */
export function showRooms(place: Element, entered: Exclude<Entered, { kind: "leaving" }>): void {
  createRoot(place).render(
    entered.kind === "failed" ? (
      <main className="room">
        <Notice failure={failureOf(entered.error)} retry={() => location.reload()} />
      </main>
    ) : (
      <Gate entered={entered} />
    ),
  );
}
