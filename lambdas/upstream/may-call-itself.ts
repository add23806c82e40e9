import { ENV, type Environment } from "../environment.ts";

/** Whether servers may be on the loopback interface: said by the local stack, and never believed inside Lambda, which names each function. */
export const mayCallItself = (environment: Environment): boolean =>
  environment[ENV.loopbackServers] === "allowed" && environment.AWS_LAMBDA_FUNCTION_NAME === undefined;
