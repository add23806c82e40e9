import { createReconciler } from "./reconciler.ts";

export const handler = createReconciler(process.env);
