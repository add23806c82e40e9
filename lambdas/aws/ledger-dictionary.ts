/**
 * What records have in common, in the order of canonical JSON: text that packing need not say again
 * (`ledger-item.ts`). It is part of the stored form: with another text, what was packed with this one cannot be read, so a
 * better dictionary is another version beside it. A test holds its hash.
 */
export const DICTIONARY = [
  // What few records hold.
  '"breakGlass":"","closed":{"id":"01K","seq":},"grant":{"approval":"","expiresAt":"2026-","id":"grant-","reach":"{',
  '"approval":{"attempt":1,"by":"policy ","group":"policy","id":"policy:","person":null,"reason":"","rendered":null,',
  '"scope":null,"verdict":"approve","waitedMs":0,"who":{"headers":{"mcp-param-',
  '"quarantined":{"copy":null,"hash":"","record":"01K"signer":{"attestation":"MEUCIQ","key":"arn:aws:kms:us-east-1:',
  '","openedAt":"2026-","publicKey":"MCowBQYDK2VwAyEA"},"writer.opened","outcome":"opened","session":"writer-01K',
  '"outcome":"tool-error""outcome":"denied","reason":"no policy permits this call""outcome":"error""outcome":"relayed"',
  '"decision":{"kind":"approve","policies":["decision":{"kind":"deny","policies":[],"reason":"',
  '"method":"tools/list""method":"resources/read""method":"initialize""method":"notifications/initialized""response"',
  '"method":"prompts/get""method":"server/discover""type":"message.relayed""type":"call.denied""type":"call.unresolved"',
  '"type":"approval.requested""type":"approval.decided""type":"tool.pinned"',
  // Messages, as texts within a record.
  '{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"error\\":{\\"code\\":-32603,\\"message\\":\\"',
  '\\"structuredContent\\":{\\"resultType\\":\\"complete\\",\\"isError\\":true,\\"isError\\":false,\\"result\\":{\\"tools\\":[{\\"name\\":\\"',
  '\\",\\"description\\":\\"\\",\\"inputSchema\\":{\\"type\\":\\"object\\",\\"properties\\":{\\"required\\":[\\"',
  '"},\\"_meta\\":{\\"io.modelcontextprotocol/protocolVersion\\":\\"2026-07-28\\",\\"io.modelcontextprotocol/clientInfo\\":{\\"name\\":\\"',
  '\\",\\"version\\":\\"1.0.0\\"},\\"io.modelcontextprotocol/clientCapabilities\\":{}}},\\"progressToken\\":',
  '{\\"method\\":\\"tools/call\\",\\"params\\":{\\"name\\":\\"\\",\\"arguments\\":{\\"path\\":\\"\\",\\"query\\":\\"\\"}},\\"jsonrpc\\":\\"2.0\\",\\"id\\":',
  '{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"method\\":\\"tools/call\\",\\"params\\":{\\"name\\":\\"',
  '{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"result\\":{\\"content\\":[{\\"type\\":\\"text\\",\\"text\\":\\"\\"}]}}","',
  // What nearly every record holds, in its order.
  '{"call":"01K","component":"listener","durationMs":1"findings":[{"kind":"PASSWORD","length":1,"pointer":"/result/content/0/text","start":1,"tag":"',
  '","claims":{"scopes":["initiator":null,"issuer":"https://login.microsoftonline.com/https://.okta.com/oauth2/https://cognito-idp.',
  '{"call":"01K","component":"gateway","decision":{"kind":"allow","policies":["","reason":null},"digests":{"masking":"',
  '","policy":"","risks":""},"durationMs":1,"id":"01K","method":"tools/call","occurredAt":"2026-11-21T10:00:00.000Z","outcome":"received"',
  '"outcome":"ok","principal":{"acr":null,"amr":["pwd","mfa"],"amr":[],"authTime":17,"client":"","delegation":[],"groups":["developers"],',
  '"id":"|","initiator":null,"issuer":"https://","jti":"","kind":"workload","kind":"user","name":"","person":null,"person":"@example.com",',
  '"subject":""},"received":"","recordedAt":"2026-11-21T10:00:00.000Z","request":{"findingCount":0,"findings":[],"key":null,"originalBytes":',
  '"response":{"findingCount":0,"findings":[],"key":null,"originalBytes":1,"originalHash":"","sealedHash":null,"text":"{',
  '"},"risks":["read-only"],"risks":[],"server":"","session":"","source":{"ip":"127.0.0.1","requestId":"-4","userAgent":"Mozilla/5.0 node"},',
  '"target":"","type":"call.completed","type":"call.received","v":1,"writer":{"id":"01K","previous":"","seq":1}}',
].join("");
