import { launchBrowser } from "../../../test/console/browser.ts";
import { timed } from "../../load.ts";
import { median } from "../../measure.ts";
import { type Metric, metric } from "../../report.ts";
import type { Surroundings } from "./surroundings.ts";

/** From the navigation to the first row that is seen, in Chromium, by an approver who is signed in. */
export async function inBrowser({ stack }: Surroundings, times: number): Promise<Metric[]> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const row = page.locator(".rows > li").first();
    await page.goto(`${stack.publicUrl}/console/`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Account").selectOption("approver-one");
    await page.getByLabel("Password").fill("approver-one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await row.waitFor();
    const waits: number[] = [];
    for (let time = 0; time < times; time += 1)
      waits.push(
        await timed(async () => {
          await page.reload({ waitUntil: "commit" });
          await row.waitFor();
        }),
      );
    return [
      metric("inbox in Chromium: navigation to the first row, p50", median(waits), "ms"),
      metric("inbox in Chromium: navigation to the first row, slowest", Math.max(...waits), "ms"),
    ];
  } finally {
    await browser.close();
  }
}
