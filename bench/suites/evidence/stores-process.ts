import { createServer } from "node:http";
import { listen } from "../../../local/port.ts";
import { announce } from "../../part.ts";

/** S3 and DynamoDB, as far as the archiver asks them: they take everything and keep nothing. */
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    const isTable = request.headers["x-amz-target"] !== undefined;
    response.writeHead(200, isTable ? { "content-type": "application/x-amz-json-1.0" } : { "x-amz-version-id": "v" });
    response.end(isTable ? "{}" : "");
  });
});
server.keepAliveTimeout = 60_000;
announce({ url: `http://127.0.0.1:${await listen(server)}` });
