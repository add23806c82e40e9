export interface RoomTab {
  readonly id: string;
  readonly label: string;
  readonly href: string;
}

/**
 * The parts of a room. Each has an address of its own, so these are links: they open in another tab of the browser, are
 * in its history, and wrap on a phone, where a row of tabs would hide behind arrows.
 */
export function RoomTabs({ tabs, active, label }: { tabs: readonly RoomTab[]; active: string; label: string }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ id, label: name, href }) => (
        <a key={id} href={href} aria-current={id === active ? "page" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
