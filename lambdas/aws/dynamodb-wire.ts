import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SignatureV4 } from "@smithy/signature-v4";
import { type Dispatcher, request } from "undici";
import type { Environment } from "../environment.ts";
import { clientOptions, dispatcherFor } from "./clients.ts";
import { SignerSha256 } from "./signer-sha256.ts";

/** A value as DynamoDB's JSON has it, of the kinds that are used: as in the SDK's hands, but bytes are base64 text. */
export interface WireValue {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly BOOL?: boolean | undefined;
  readonly B?: string | undefined;
  readonly M?: WireItem | undefined;
}
export type WireItem = Readonly<{ [name: string]: WireValue }>;

/** What DynamoDB answered other than 200. */
export class DynamoDbError extends Error {
  readonly #item: WireItem | undefined;

  constructor(name: string, message: string, item?: WireItem) {
    super(message);
    this.name = name;
    this.#item = item;
  }

  /** The item that a failed condition met, where it was asked for. No own field: errors are logged with all of theirs. */
  get item(): WireItem | undefined {
    return this.#item;
  }
}

type Operation = "PutItem" | "UpdateItem";

/**
 * Sends the two requests that every call makes, without the SDK's layers: signed by the SDK's own signer with its
 * credentials, region and endpoint, sent by undici. It costs a call about a millisecond less (`npm run bench -- gateway`);
 * everything that is sent less often goes through the SDK.
 *
 * @returns a function of an operation and its input, in the wire's form, that gives the answer's attributes
 */
export function dynamoDbWire(environment: Environment) {
  const { config } = new DynamoDBClient(clientOptions(environment, "DYNAMODB"));
  const dispatcher = dispatcherFor();
  const signer = new SignatureV4({
    service: "dynamodb",
    region: config.region,
    credentials: config.credentials,
    sha256: SignerSha256,
  });
  let endpoint: Promise<URL> | undefined;

  /** @throws DynamoDbError under the name that DynamoDB gives; undici's own error when no answer came */
  return async (operation: Operation, input: object): Promise<WireItem | undefined> => {
    endpoint ??= endpointOf(config);
    const url = await endpoint;
    const body = JSON.stringify(input);
    for (let attempt = 1; ; attempt += 1)
      try {
        return await once(url, operation, body, signer, dispatcher);
      } catch (cause) {
        if (attempt === TRIES || !mayPass(cause)) throw cause;
        await sleep(Math.random() * LONGEST_PAUSE);
      }
  };
}

/** As the SDK's `maxAttempts` elsewhere. */
const TRIES = 2;
/** Milliseconds before the second try, at most; the first pause of the SDK's standard mode. */
const LONGEST_PAUSE = 100;

/** What a second try may mend: a busy table, a fault at AWS, a connection that was lost or silent. */
const TRANSIENT =
  /^(?:InternalServerError|ServiceUnavailable|ThrottlingException|ProvisionedThroughputExceededException|RequestLimitExceeded|TransactionInProgressException|HTTP (?:200|5\d\d))$/;
const mayPass = (cause: unknown) => !(cause instanceof DynamoDbError) || TRANSIENT.test(cause.name);

async function once(url: URL, operation: Operation, body: string, signer: SignatureV4, dispatcher: Dispatcher) {
  const { headers } = await signer.sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: {
      host: url.host,
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
    },
    body,
  });
  const answer = await request(url, { method: "POST", headers, body, dispatcher });
  const text = await answer.body.text();
  const json = read(text);
  if (answer.statusCode === 200 && json !== undefined) return json.Attributes;
  // `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException`, with or without what stands before the `#`.
  const name = json?.__type?.split("#").at(-1) ?? `HTTP ${answer.statusCode}`;
  throw new DynamoDbError(name, `DynamoDB refused ${operation}: ${name}`, json?.Item);
}

interface WireAnswer {
  readonly Attributes?: WireItem;
  readonly Item?: WireItem;
  readonly __type?: string;
}

function read(text: string): WireAnswer | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The endpoint that the environment names, or the SDK's own for the region. */
async function endpointOf(config: DynamoDBClient["config"]): Promise<URL> {
  const named = await config.endpoint?.();
  if (named !== undefined)
    return new URL(
      `${named.protocol}//${named.hostname}${named.port === undefined ? "" : `:${named.port}`}${named.path}`,
    );
  const { region, useFipsEndpoint: fips, useDualstackEndpoint: dualStack } = config;
  const parameters = { Region: await region(), UseFIPS: await fips(), UseDualStack: await dualStack() };
  return config.endpointProvider(parameters).url;
}
