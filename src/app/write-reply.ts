import type { Answer } from '#domain/conversation/answer.ts';
import type { Bubble } from '#domain/conversation/bubble.ts';
import { withoutInvisible } from '#domain/conversation/invisible-text.ts';
import type { StoredInbound } from '#domain/conversation/message.ts';
import { replyBubbles } from '#domain/conversation/reply-bubbles.ts';
import { toWhatsApp } from '#domain/markup/to-whatsapp.ts';
import type { MarkdownReader } from './ports/markdown-reader.ts';

export interface WriteReplyDeps {
  readonly markdown: MarkdownReader;
}

/** What the model answered to these messages, as the bubbles that are sent. */
export async function writeReply(
  { text, choices, quotes }: Answer,
  toAnswer: readonly StoredInbound[],
  { markdown }: WriteReplyDeps,
): Promise<readonly Bubble[]> {
  const written = await shownText(text, { markdown });
  return replyBubbles(written, { choices, quotes: quotedBy(quotes, toAnswer) });
}

/** What a customer sees of a text in Markdown. */
export async function shownText(text: string, { markdown }: WriteReplyDeps): Promise<string> {
  const document = await markdown.read(text);
  // Words that are only notation, such as a lone `#`, are said as they are.
  const written = (document && toWhatsApp(document)) || text;
  return withoutInvisible(written);
}

/** Of one message alone it is plain what the answer is to. */
function quotedBy(
  quotes: number | undefined,
  toAnswer: readonly StoredInbound[],
): string | undefined {
  return toAnswer.length > 1 && quotes !== undefined ? toAnswer[quotes]?.message.wamid : undefined;
}
