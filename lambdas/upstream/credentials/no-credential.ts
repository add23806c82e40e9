import { UpstreamFailure } from "../../domain/upstream/answer.ts";

/** How a service names what went wrong, such as `AccessDenied` or `invalid_client`. */
const CODE = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;

/**
 * A credential that could not be had: nothing was sent. What was thrown is not kept, because errors of clients hold
 * requests and answers, and those hold secrets; only its name goes on.
 *
 * @param step what failed, such as "its role cannot be assumed"
 */
export function noCredential(step: string, cause?: unknown): UpstreamFailure {
  const code = cause instanceof Error && CODE.test(cause.name) && cause.name !== "Error" ? ` (${cause.name})` : "";
  return new UpstreamFailure(`has no usable credential: ${step}${code}`, false);
}

/** Gets a part of a credential, and names the step where it fails. */
export async function step<T>(what: string, get: () => Promise<T>): Promise<T> {
  try {
    return await get();
  } catch (cause) {
    throw cause instanceof UpstreamFailure ? cause : noCredential(what, cause);
  }
}
