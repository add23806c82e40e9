import { byChallenge, byExactChallenge, byPath, byPlace, type Discovery } from "./discovery.ts";
import { callbackId } from "./guide.ts";

/** What a client that cannot run here does to sign in, as its makers publish it or others have seen it. */
export interface Documented {
  readonly name: string;
  /** Where that can be read. */
  readonly sources: readonly string[];
  readonly discover: Discovery;
  /** What it says of itself when it registers, but for its redirect URIs. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly redirectUris: (server: URL) => readonly string[];
  /** Where it has the person sent back to, with the port that it happens to get. */
  readonly sentBackTo: (server: URL) => string;
}

const CODE_AND_REFRESH = { grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] };
const PUBLIC = { token_endpoint_auth_method: "none" };

export const DOCUMENTED: readonly Documented[] = [
  {
    name: "Claude Code",
    sources: [
      "https://code.claude.com/docs/en/mcp",
      "https://github.com/anthropics/claude-code/issues/66511",
      "https://github.com/elmohq/elmo/pull/684",
    ],
    discover: byChallenge,
    metadata: { client_name: "Claude Code (ops)", application_type: "native", ...CODE_AND_REFRESH, ...PUBLIC },
    redirectUris: () => ["http://localhost:3118/callback"],
    sentBackTo: () => "http://localhost:3118/callback",
  },
  {
    name: "Claude Desktop and claude.ai",
    sources: [
      "https://support.claude.com/en/articles/11503834-building-custom-connectors-via-remote-mcp-servers",
      "https://github.com/anthropics/claude-ai-mcp/issues/1043",
      "https://claude.com/docs/connectors/building/lazy-authentication",
    ],
    discover: byChallenge,
    // It asks for a secret although the metadata offers none.
    metadata: { client_name: "Claude", ...CODE_AND_REFRESH, token_endpoint_auth_method: "client_secret_post" },
    redirectUris: () => ["https://claude.ai/api/mcp/auth_callback"],
    sentBackTo: () => "https://claude.ai/api/mcp/auth_callback",
  },
  {
    name: "Codex",
    sources: [
      "https://github.com/openai/codex/blob/main/codex-rs/rmcp-client/src/auth_status.rs",
      "https://github.com/openai/codex/blob/main/codex-rs/rmcp-client/src/perform_oauth_login.rs",
      "https://github.com/openai/codex/pull/20237",
    ],
    discover: byPath,
    metadata: { client_name: "Codex", application_type: "native", ...CODE_AND_REFRESH, ...PUBLIC },
    redirectUris: (server) => [`http://127.0.0.1:37819/callback/${callbackId(server)}`],
    sentBackTo: (server) => `http://127.0.0.1:37819/callback/${callbackId(server)}`,
  },
  {
    name: "VS Code",
    sources: [
      "https://github.com/microsoft/vscode/blob/main/src/vs/base/common/oauth.ts",
      "https://github.com/microsoft/vscode/blob/main/src/vs/workbench/api/common/extHostMcp.ts",
      "https://github.com/microsoft/vscode/issues/278512",
    ],
    discover: byExactChallenge,
    metadata: {
      client_name: "Visual Studio Code",
      client_uri: "https://code.visualstudio.com",
      application_type: "native",
      ...CODE_AND_REFRESH,
      ...PUBLIC,
    },
    redirectUris: () => [
      "https://insiders.vscode.dev/redirect",
      "https://vscode.dev/redirect",
      "http://127.0.0.1/",
      "http://127.0.0.1:33418/",
    ],
    // Its usual port is taken when a second window is open.
    sentBackTo: () => "http://127.0.0.1:59656/",
  },
  {
    name: "Cursor",
    sources: [
      "https://cursor.com/docs/mcp",
      "https://github.com/erp-mafia/accounted/pull/2225",
      "https://docs.pipeshub.com/mcp/cursor",
    ],
    discover: byPlace,
    metadata: { client_name: "Cursor", ...CODE_AND_REFRESH, ...PUBLIC },
    redirectUris: () => [
      "cursor://anysphere.cursor-mcp/oauth/callback",
      "https://www.cursor.com/agents/mcp/oauth/callback",
      "http://localhost:8787/callback",
    ],
    sentBackTo: () => "http://localhost:8787/callback",
  },
];
