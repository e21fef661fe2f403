/** Where Meta keeps files (Cloud API, "Media"). */
const FILE_HOST = 'lookaside.fbsbx.com';

/**
 * Whether the token may be sent to an address that an answer names: Meta's server of files over TLS, or,
 * where another Graph API is configured, that very server.
 */
export function isFileAddress(address: string, baseUrl: string | undefined): boolean {
  const url = URL.parse(address);
  if (!url) return false;
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:' && url.host === FILE_HOST) return true;
  return baseUrl !== undefined && url.origin === URL.parse(baseUrl)?.origin;
}
