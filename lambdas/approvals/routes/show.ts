import { findVisible } from "../find-approval.ts";
import { idOf, type Route } from "../route.ts";
import { view } from "../view.ts";

export const show: Route = async ({ event, person }, desk) =>
  view(await findVisible(idOf(event), person, desk), person, desk);
