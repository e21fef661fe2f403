import { element } from './element.js';

const MARKS = { '*': 'strong', _: 'em', '~': 's' };
// A mark counts at the edge of a word only, and hugs what it marks.
const MARKED = /(?<![\p{L}\p{N}])([*_~])(?!\s)([^\n]+?)(?<!\s)\1(?![\p{L}\p{N}])/u;

/** WhatsApp's own marks (*bold*, _italic_, ~strike~, `code`, ```block```) as nodes. */
export function richText(text) {
  const fragment = document.createDocumentFragment();
  for (const [index, piece] of text.split('```').entries()) {
    const closed = index % 2 === 1 && text.split('```').length > index + 1;
    if (closed) fragment.append(element('code', { class: 'block' }, piece.replace(/^\n|\n$/g, '')));
    else fragment.append(...inline(index % 2 === 1 ? `\`\`\`${piece}` : piece));
  }
  return fragment;
}

function inline(text) {
  const code = /`([^`\n]+)`/.exec(text);
  if (code) return around(text, code, element('code', {}, code[1]), inline);
  return marked(text);
}

function marked(text) {
  const match = MARKED.exec(text);
  if (!match) return text === '' ? [] : [document.createTextNode(text)];
  const node = element(MARKS[match[1]], {}, ...marked(match[2]));
  return around(text, match, node, marked);
}

function around(text, match, node, rest) {
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  return [...rest(before), node, ...rest(after)];
}
