import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { ReactNode } from "react";

export type Fact = readonly [label: string, value: ReactNode];

/** Names and their values; those that are false are left out. */
export function Facts({ items }: { items: readonly (Fact | false)[] }) {
  return (
    <KeyValuePairs
      columns={2}
      items={items.filter((item) => item !== false).map(([label, value]) => ({ label, value }))}
    />
  );
}
