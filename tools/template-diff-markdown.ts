export type StackDifference =
  | { readonly stack: string; readonly kind: 'same' | 'new' | 'gone' }
  | { readonly stack: string; readonly kind: 'changed'; readonly text: string };

/** GitHub takes 65,536 characters in a comment. */
const MOST_CHARACTERS = 60_000;
/** What the CDK says beside the difference. */
const NOISE = /^(?:file:.*|WARNING .*|\s+Acknowledge with .*|\s+concierge-\w+-\w+|✨.*)$/;

/** What changes, stack by stack; what CloudFormation would make anew is said first. */
export function asMarkdown(differences: readonly StackDifference[], base: string): string {
  const same = differences.filter(({ kind }) => kind === 'same').map(({ stack }) => stack);
  const changed = differences.filter(({ kind }) => kind !== 'same');
  if (changed.length === 0) return `### Templates\n\nNothing changes since ${base}.\n`;
  const parts = changed.map((each) => inDetail(each));
  const replaced = changed.filter(
    (each) =>
      each.kind === 'changed' && /requires replacement|may be replaced|\bdestroy\b/.test(each.text),
  );
  const warning =
    replaced.length > 0
      ? `**Look twice**: something is made anew or goes in ${replaced.map(({ stack }) => stack).join(', ')}.\n\n`
      : '';
  const rest = same.length > 0 ? `Unchanged: ${same.join(', ')}.\n` : '';
  const text = `### Templates\n\nSince ${base}:\n\n${warning}${parts.join('\n')}\n${rest}`;
  return text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS)}\n\`\`\`\n</details>\n\nCut off here: \`npm run template-diff -- ${base}\` prints all of it.\n`;
}

function inDetail(difference: StackDifference): string {
  const { stack, kind } = difference;
  if (kind !== 'changed') return `- ${stack} is ${kind}\n`;
  const lines = difference.text
    .split('\n')
    .filter((line) => !NOISE.test(line))
    // A fence of its own would end ours.
    .map((line) => line.replaceAll('```', "'''"));
  return `<details><summary>${stack}</summary>\n\n\`\`\`diff\n${lines.map(marked).join('\n').trim()}\n\`\`\`\n</details>\n`;
}

/** The CDK's marks as those that a diff is coloured by. */
function marked(line: string): string {
  const mark = /^\s*[├└│ ─]*\[([+~-])\]/.exec(line)?.[1];
  return mark === undefined ? line : `${mark === '~' ? '!' : mark} ${line}`;
}
