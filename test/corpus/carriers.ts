import type { Part } from "./sample.ts";

/** Texts that carry a token whose own form tells it, `@@` in its place: what tools answer, print, store and quote. */
export const CARRIERS: Readonly<Record<Part, readonly string[]>> = {
  dev: [
    '{"content":[{"type":"text","text":"credential: @@"}]}',
    "# production\nAPP_ENV=prod\nSERVICE_AUTH=@@\nPORT=8080\n",
    "service:\n  name: billing\n  auth: @@\n  replicas: 3\n",
    "2026-03-14T09:26:53.589Z INFO  [worker-3] calling upstream with @@ (attempt 1)",
    "  412  cd deploy\n  413  ./run.sh @@ --verbose\n  414  exit",
    "GET /v1/items HTTP/1.1\r\nHost: api.example.com\r\nX-Custom: @@\r\nAccept: */*\r\n",
    "INSERT INTO settings (id, name, value) VALUES (17, 'integration', '@@');",
    'client = Client("@@", timeout=30)',
    "const client = createClient('@@');",
    "| what | value |\n|---|---|\n| live | `@@` |\n",
    "Hi Sam, here is what you asked for: @@. Please delete this message.",
    "id,owner,value\n1,ada,@@\n2,bob,none\n",
    "Error: 401 for @@\n    at request (/app/src/http.js:41:13)\n    at main (/app/src/main.js:7:3)",
    '{"log":"{\\"level\\":\\"warn\\",\\"msg\\":\\"used @@\\"}"}',
    'resource "x" "y" {\n  value = "@@"\n}\n',
  ],
  "held-out": [
    '<config><entry name="live">@@</entry></config>',
    '[service]\nendpoint = "https://api.example.com"\nlive = "@@"\n',
    'String live = "@@"; // TODO move',
    'var live = []byte("@@")',
    "  web:\n    image: app:1.4\n    environment:\n      - LIVE=@@\n",
    "diff --git a/app.cfg b/app.cfg\n-live=\n+live=@@\n",
    "https://api.example.com/v2/run?live=@@&format=json",
    "we leaked `@@` in the channel :scream:",
    "<p>Copy this now: <code>@@</code></p>",
    '["one","@@","three"]',
    "$live = '@@';",
    "PS C:\\> Set-Item env:LIVE '@@'",
    "puts Client.new('@@').get('/x')",
    "docker run -e LIVE=@@ app:latest",
    "Warning: request to upstream failed, sent=@@; retrying in 5s",
  ],
};
