/**
 * What a client may call the resource that it asks a token for (RFC 8707): the gateway, or one of its servers, as the metadata
 * names them. Some write an origin with its slash.
 *
 * @param base URL of this gateway, without a slash at the end
 */
export function resourcesOf(base: string, servers: readonly { readonly name: string }[]): string[] {
  return [base, ...servers.map(({ name }) => `${base}/mcp/${name}`)].flatMap((resource) => [resource, `${resource}/`]);
}
