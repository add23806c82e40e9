export type Child = Node | string | false | null | undefined;

/**
 * Makes an element. Text only ever becomes a text node and attributes are set by name, so that nothing an attacker
 * wrote is read as markup. Names of attributes are ours; values may be anyone's, therefore no `href` comes from data.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== false && child !== null && child !== undefined));
  return element;
}

/** A button that does something; never one that sends a form. */
export function button(label: string, action: () => void, kind = "plain"): HTMLButtonElement {
  const element = el("button", { type: "button", class: kind }, label);
  element.addEventListener("click", action);
  return element;
}
