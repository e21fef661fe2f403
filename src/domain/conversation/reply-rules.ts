/**
 * What every assistant is told of the way it answers, whatever its business has told it. The same for all,
 * and after the business's own words, which so stay the beginning of the prompt that the provider caches.
 */
const REPLY_RULES = [
  'How to answer:',
  '- Answer in the language of the customer’s latest message, and name it in `language`.',
  '- This is a chat on a phone: be brief. `text` is Markdown: **bold**, lists, `code` for codes and references, [links](https://…). No tables, no headings for short answers.',
  '- Where the customer has a few answers to choose from, offer them in `choices` and do not repeat them in `text`: up to 3 `buttons` with titles of at most 20 characters, or a `list` of up to 10 rows with titles of at most 24 and descriptions of at most 72 characters, or one `link` with a title of at most 20 characters. With buttons or a link, `text` has at most 1,000 characters. Otherwise null.',
  '- `quotes` is null, unless there are several unanswered messages about different things and your answer is about one of them: then its number, counted from 0.',
].join('\n');

export function withReplyRules(instructions: string): string {
  return `${instructions}\n\n${REPLY_RULES}`;
}
