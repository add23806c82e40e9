import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { type Answer, FakeApi, type Received } from "./fake-api.ts";
import { close } from "./sign-in-server.ts";

type Site = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

const API = /^\/(me|approvals|grants|access-requests|principals)(\/|$)/;

/** API Gateway's part: the real `site` function, and the approvers' API from memory. */
export class Front {
  readonly api = new FakeApi();
  /** What the API answers next time to a request of this method, instead of its own answer. */
  readonly faults = new Map<"GET" | "POST", Answer | "hang-up">();
  readonly url: string;
  readonly #server: Server;
  readonly #stage: string;
  #site: Site | undefined;
  #verify: (token: string) => Promise<string> = async () => Promise.reject(new Error("not serving yet"));

  private constructor(server: Server, stage: string) {
    this.#server = server;
    this.#stage = stage;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${stage}`;
  }

  /** @param stage what stands before every path, such as `/try`; empty on a domain of its own */
  static async start(stage = ""): Promise<Front> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const front = new Front(server, stage);
    server.on("request", (request, response) => void front.#answer(request, response));
    return front;
  }

  /** Begins to serve. Tokens must come from the issuer and be meant for the audience, as the real API asks. */
  serve(site: Site, issuer: string, audience: string): void {
    this.#site = site;
    const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
    this.#verify = async (token) => (await jwtVerify(token, keys, { issuer, audience })).payload.sub ?? "";
  }

  stop(): Promise<void> {
    return close(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const path = url.pathname.startsWith(this.#stage) ? url.pathname.slice(this.#stage.length) : "";
    if (API.test(path)) return this.#api(request, response, path, url.searchParams);
    const multiValueQueryStringParameters = Object.fromEntries(
      [...url.searchParams].map(([name, value]) => [name, [value]]),
    );
    const event = {
      httpMethod: request.method,
      path,
      multiValueHeaders: request.headersDistinct,
      multiValueQueryStringParameters,
      requestContext: { domainName: "127.0.0.1", stage: "local" },
    } as unknown as APIGatewayProxyEvent;
    const answer = await this.#site?.(event, {} as Context);
    response.writeHead(answer?.statusCode ?? 503, answer?.headers as Record<string, string>);
    response.end(Buffer.from(answer?.body ?? "", answer?.isBase64Encoded ? "base64" : "utf8"));
  }

  async #api(request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams): Promise<void> {
    const send = ({ status, body }: Answer) => {
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(body));
    };
    const by = await this.#verify(request.headers.authorization?.replace(/^Bearer /, "") ?? "").catch(() => undefined);
    if (by === undefined) return send({ status: 401, body: { message: "Unauthorized" } });
    const fault = path === "/me" ? undefined : this.faults.get(request.method === "POST" ? "POST" : "GET");
    if (fault === "hang-up") return void request.socket.destroy();
    if (fault) return send(fault);
    if (request.method !== "POST") return send(this.api.get(path, query, by));
    const text = (await request.setEncoding("utf8").toArray()).join("");
    send(this.api.post(path, JSON.parse(text) as Received["body"], by));
  }
}
