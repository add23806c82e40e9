/** MCP narrows JSON-RPC: an id is a text or a whole number. */
export type JsonRpcId = string | number;

/** A message that the protocol forbids, with what to answer. */
export class ProtocolRefusal extends Error {
  override readonly name = "ProtocolRefusal";
  readonly status: number;
  readonly code: number;
  readonly id: JsonRpcId | null;

  /**
   * @param status HTTP status of the answer
   * @param code JSON-RPC error code
   * @param id the request's id, where it could be read
   */
  constructor(status: number, code: number, message: string, id: JsonRpcId | null = null, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.id = id;
  }
}
