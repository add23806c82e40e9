import type { LocalStack } from "./stack.ts";

/** What `npm run local` prints: where everything is, and the lines that connect a client. */
export function greeting(stack: LocalStack, seconds: string): string {
  const { publicUrl } = stack;
  const ops = `${publicUrl}/mcp/ops`;
  return `Countersign is up after ${seconds} s.

  gateway       ${ops}
                ${publicUrl}/mcp/everything
  console       ${publicUrl}/console/
  inbox         ${stack.inbox.url}/
  sign-in       ${stack.issuer} (developer, oncall, approver-one to approver-four, admin, auditor; the password is the account's name)
  AWS emulator  ${stack.place.environment.AWS_ENDPOINT_URL}

Connect a client that signs in by itself (sign in as developer):
  claude mcp add --transport http countersign-ops ${ops}      then /mcp in Claude Code
  codex mcp add countersign-ops --url ${ops}                  then: codex mcp login countersign-ops
  npx @modelcontextprotocol/inspector                         then: Streamable HTTP, ${ops}

Or with a token of your own, in another terminal in this folder:
  export TOKEN=$(npx node local/token.ts developer)
  curl -s ${ops} -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
    -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2025-06-18' \\
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_roles","arguments":{}}}'
  npx @modelcontextprotocol/inspector --cli ${ops} --transport http --header "Authorization: Bearer $TOKEN" --method tools/list
  claude mcp add --transport http countersign-ops ${ops} --header "Authorization: Bearer $TOKEN"
  codex mcp add countersign-ops --url ${ops} --bearer-token-env-var TOKEN
  gemini mcp add --transport http --header "Authorization: Bearer $TOKEN" countersign-ops ${ops}

A call that needs approval (create_role) waits; its e-mail comes to the inbox above.
Ctrl-C stops everything.`;
}
