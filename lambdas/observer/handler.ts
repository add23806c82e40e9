import { createObserver } from "./observer.ts";

export const handler = createObserver(process.env);
