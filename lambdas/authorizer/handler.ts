import { createAuthorizer } from "./authorizer.ts";

export const handler = createAuthorizer(process.env);
