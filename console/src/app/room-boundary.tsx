import { Component, type ReactNode } from "react";
import { type Failure, failureOf } from "./failure.ts";
import { Notice } from "./notice.tsx";

/** Catches what a room throws, such as a part that a newer deployment has replaced, and says what to do. */
export class RoomBoundary extends Component<{ children: ReactNode }, { failure?: Failure }> {
  override state: { failure?: Failure } = {};

  static getDerivedStateFromError(error: unknown): { failure: Failure } {
    return { failure: failureOf(error) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure ? <Notice failure={failure} retry={() => location.reload()} /> : this.props.children;
  }
}
