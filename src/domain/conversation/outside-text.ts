import { withoutInvisible } from './invisible-text.ts';

/** As much of one outside text as a prompt may hold, in UTF-16 units. */
export const LONGEST_OUTSIDE = 8_000;

/**
 * A text that somebody outside wrote, before it goes into a prompt: what a customer says, the name of a
 * file, a caption, a quoted message, a document, a tool's result, what we remember. Such a text is data:
 * whatever it says, it gives no orders. So it comes out in one spelling, without what nobody sees, without
 * what looks like the frame around a prompt, and bounded. Doing it twice changes nothing more.
 */
export function outsideText(text: string, limit = LONGEST_OUTSIDE): string {
  return cut(unframed(withoutInvisible(text.slice(0, limit * 2))).trim(), limit);
}

/** As `outsideText`, on one line: a name, a title. */
export function outsideLine(text: string, limit = 200): string {
  return outsideText(text, limit).replace(/\s+/g, ' ');
}

/** What we say of a message: a customer cannot write these brackets. */
export function label(words: string): string {
  return `⟦${words}⟧`;
}

/**
 * Something that came with a message: a document, a transcript, the message that it answers. Every line of
 * it is marked, so that nothing inside can look like its end or like the words of somebody else.
 */
export function attached(words: string, text: string, limit = LONGEST_OUTSIDE): string {
  return `${label(words)}\n${margined(outsideText(text, limit))}`;
}

/** A text of which every line is marked; it must have passed `outsideText`. */
export function margined(text: string): string {
  return text
    .split('\n')
    .map((line) => `${MARGIN} ${line}`.trimEnd())
    .join('\n');
}

const MARGIN = '│';

/**
 * What frames prompts, ours and those of others, in shapes that frame nothing: our brackets and margin,
 * special tokens, tags of roles, a line that begins as a role does. The words stay as they are.
 */
function unframed(text: string): string {
  return text
    .replace(/[⟦〚]/g, '[')
    .replace(/[⟧〛]/g, ']')
    .replaceAll(MARGIN, '|')
    .replace(/<{1,2}[|｜]/g, '‹|')
    .replace(/[|｜]>{1,2}/g, '|›')
    .replace(ROLE_TAG, '‹$1›')
    .replace(/\[(\/?(?:INST|SYS|SYSTEM)[^\]\n]{0,40})\]/gi, '($1)')
    .replace(ROLE_HEADING, '$1')
    .replace(ROLE_LINE, '$1 –');
}

const ROLES =
  'system|developer|assistant|user|human|tool|function|operator|instructions?|prompt|sistema|système|systeme|система|系统|系統|システム|النظام|नियम|сообщение системы';

const ROLE_TAG = new RegExp(
  `<{1,2}(\\s*/?\\s*(?:${ROLES}|sys|im_start|im_end)\\b[^<>\\n]{0,80})>{1,2}`,
  'giu',
);

/** `### System`, `=== INSTRUCTIONS ===`. */
const ROLE_HEADING = new RegExp(
  `^[ \\t>]*[#=]{2,}[ \\t]*((?:new )?(?:${ROLES})(?![\\p{L}\\p{N}]))`,
  'gimu',
);

/** `System:`, `**Developer message**:`, `[assistant] :`. */
const ROLE_LINE = new RegExp(
  `^([ \\t>*_"'([{#-]{0,8}(?:${ROLES})(?:[ \\t]+(?:message|prompt|note|override|update|instructions?|mode)){0,2}[ \\t*_"')\\]}]{0,8})[:：﹕∶꞉]`,
  'gimu',
);

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text
    .slice(0, limit - 1)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}…`;
}
