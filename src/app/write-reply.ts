import type { Answer } from '#domain/conversation/answer.ts';
import type { Bubble } from '#domain/conversation/bubble.ts';
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
  const written = await writeText(text, markdown);
  return replyBubbles(written, { choices, quotes: quotedBy(quotes, toAnswer) });
}

/** The model's Markdown in WhatsApp's marks. Words that are only notation, such as a lone `#`, stay as they are. */
export async function writeText(text: string, markdown: MarkdownReader): Promise<string> {
  const document = await markdown.read(text);
  return (document && toWhatsApp(document)) || text;
}

/** Of one message alone it is plain what the answer is to. */
function quotedBy(
  quotes: number | undefined,
  toAnswer: readonly StoredInbound[],
): string | undefined {
  return toAnswer.length > 1 && quotes !== undefined ? toAnswer[quotes]?.message.wamid : undefined;
}
