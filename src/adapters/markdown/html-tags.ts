import type { Inline } from '#domain/markup/document.ts';

/** What a tag in a line means. */
export type HtmlTag =
  | { readonly kind: 'open'; readonly name: string; readonly href: string | undefined }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'words'; readonly inlines: readonly Inline[] };

/** Tags whose words go on in the line. */
const IN_LINE = words(
  'a abbr b big code del em font i ins kbd mark s samp small span strike strong sub sup u',
);
/** Tags that begin a line of their own. */
const LINES = words(
  'blockquote center details div h1 h2 h3 h4 h5 h6 hr ol p pre summary table tbody thead tr ul',
);
const CELLS = words('td th');

const NOTHING: HtmlTag = { kind: 'words', inlines: [] };
const NEW_LINE: HtmlTag = { kind: 'words', inlines: [{ kind: 'break' }] };

/** Whatever is no tag of HTML was meant as words, such as `<your name>`. */
export function readTag(html: string): HtmlTag {
  if (html.startsWith('<!--')) return NOTHING;
  const [, slash, word = ''] = /^<(\/?)([a-z][a-z0-9]*)(?=[\s/>])/i.exec(html) ?? [];
  const name = word.toLowerCase();
  if (name === 'br' || LINES.has(name)) return NEW_LINE;
  if (name === 'li')
    return slash ? NOTHING : { kind: 'words', inlines: [{ kind: 'break' }, text('- ')] };
  if (CELLS.has(name)) return slash ? { kind: 'words', inlines: [text(' ')] } : NOTHING;
  if (name === 'img') return { kind: 'words', inlines: [text(attribute(html, 'alt') ?? '')] };
  if (!IN_LINE.has(name)) return { kind: 'words', inlines: [text(html)] };
  return slash ? { kind: 'close', name } : { kind: 'open', name, href: attribute(html, 'href') };
}

function attribute(html: string, name: 'alt' | 'href'): string | undefined {
  const pattern =
    name === 'alt'
      ? /\salt\s*=\s*(?:"([^"]*)"|'([^']*)')/i
      : /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
  const [, double, single] = pattern.exec(html) ?? [];
  return double ?? single;
}

function text(content: string): Inline {
  return { kind: 'text', text: content };
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
