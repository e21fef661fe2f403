import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Everything the page needs comes from here; nothing a customer writes can bring in more. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * The page at `/` and its files under `/page/`.
 * @returns a listener that says whether the request was for one of them, and has answered it then
 */
export function createPage(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const files = readFiles();
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    // Anybody may ask for what is no URL, such as `//`.
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const file = files.get(path === '/' ? '/page/index.html' : path);
    if (!file) return false;
    response.writeHead(200, { ...HEADERS, 'content-type': file.type });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
    return true;
  };
}

function readFiles(): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(import.meta.dirname)) {
    const type = TYPES[extname(name)];
    if (!type) continue;
    const bytes = readFileSync(new URL(name, import.meta.url));
    files.set(`/page/${name}`, { type, bytes });
  }
  return files;
}
