import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import type { ReactNode } from "react";

/** A part of a room under a heading of its own. */
export function Panel({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel" aria-label={title}>
      <Container
        header={
          <Header variant="h2" description={note}>
            {title}
          </Header>
        }
      >
        {children}
      </Container>
    </section>
  );
}
