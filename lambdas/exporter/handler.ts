import { createExporter } from "./exporter.ts";

export const handler = createExporter(process.env);
