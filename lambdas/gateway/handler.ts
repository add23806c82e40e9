import { createGateway } from "./gateway.ts";

export const handler = createGateway(process.env);
