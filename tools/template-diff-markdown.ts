export type StackDifference =
  | { readonly stack: string; readonly kind: 'same' | 'new' | 'gone' }
  | { readonly stack: string; readonly kind: 'changed'; readonly text: string };

/** GitHub takes 65,536 characters in a comment; the CDK's tables are of characters of three bytes. */
const MOST_CHARACTERS = 50_000;
/** What the CDK says beside the difference. */
const NOISE = /^(?:file:.*|WARNING .*|\s+Acknowledge with .*|\s+concierge-\w+-\w+|✨.*)$/;

/** What changes, stack by stack; what CloudFormation would make anew is said first. */
export function asMarkdown(
  differences: readonly StackDifference[],
  base: string,
  mostCharacters = MOST_CHARACTERS,
): string {
  const same = differences.filter(({ kind }) => kind === 'same').map(({ stack }) => stack);
  const changed = differences.filter(({ kind }) => kind !== 'same');
  if (changed.length === 0) return `### Templates\n\nNothing changes since ${base}.\n`;
  const alike = [...Map.groupBy(changed, (each) => sameness(each)).values()];
  // As much of each as of the others.
  const most = Math.floor(mostCharacters / alike.length);
  const parts = alike.map((each) => inDetail(each, { most, base }));
  const replaced = changed.filter(
    (each) =>
      each.kind === 'changed' && /requires replacement|may be replaced|\bdestroy\b/.test(each.text),
  );
  const warning =
    replaced.length > 0
      ? `**Look twice**: something is made anew or goes in ${replaced.map(({ stack }) => stack).join(', ')}.\n\n`
      : '';
  const rest = same.length > 0 ? `Unchanged: ${same.join(', ')}.\n` : '';
  return `### Templates\n\nSince ${base}:\n\n${warning}${parts.join('\n')}\n${rest}`;
}

/** The stages mostly change alike: in nothing but their names, what is hashed of them, and padding. */
function sameness(difference: StackDifference): string {
  const text = difference.kind === 'changed' ? difference.text : difference.stack;
  return text
    .replaceAll(/\b(?:dev|staging|prod)\b/g, 'stage')
    .replaceAll(/[0-9a-f]{16,}/g, 'hash')
    .replaceAll(/[\s─]+/g, ' ');
}

/** @param alike at least one */
function inDetail(
  alike: readonly StackDifference[],
  { most, base }: { readonly most: number; readonly base: string },
): string {
  const shown = alike.at(-1);
  const stacks = alike.map(({ stack }) => stack).join(', ');
  if (shown?.kind !== 'changed')
    return alike.map((each) => `- ${each.stack} is ${each.kind}\n`).join('');
  const lines = shown.text
    .split('\n')
    .filter((line) => !NOISE.test(line))
    // A fence of its own would end ours.
    .map((line) => line.replaceAll('```', "'''"));
  const text = lines.map(marked).join('\n').trim();
  const cut =
    text.length > most
      ? `\nCut off: \`npm run template-diff -- ${base} --all\` prints the rest.\n`
      : '';
  return `<details><summary>${stacks}</summary>\n\n\`\`\`diff\n${text.slice(0, most)}\n\`\`\`\n${cut}</details>\n`;
}

/** The CDK's marks as those that a diff is coloured by. */
function marked(line: string): string {
  const mark = /^\s*[├└│ ─]*\[([+~-])\]/.exec(line)?.[1];
  return mark === undefined ? line : `${mark === '~' ? '!' : mark} ${line}`;
}
