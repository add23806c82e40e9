import { createRecorder } from "./recorder.ts";

export const handler = createRecorder(process.env);
