import { page } from "../listing.ts";
import { queryOf, type Route } from "../route.ts";
import { summary } from "../view.ts";

export const list: Route = async ({ event, person }, desk) => {
  const { rows, cursor } = await page(
    person,
    { view: queryOf(event, "view") ?? "all", cursor: queryOf(event, "cursor") },
    desk,
  );
  return { approvals: rows.map((row) => summary(row, desk.now())), cursor };
};
