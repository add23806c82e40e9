export { createGateway as createListener } from "../gateway/gateway.ts";
