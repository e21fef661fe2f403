/**
 * What a reply has beside its words: most have nothing, some offer choices, of which some do not fit, and one
 * to several messages may quote one of them, or one that there is not.
 */
export function extrasFor(ids: readonly number[]): object {
  const [first = 0] = ids;
  return {
    language: first % 2 === 0 ? 'en' : 'no language',
    quotes: ids.length > 1 && first % 3 === 0 ? first % 4 : null,
    choices: choicesFor(first),
  };
}

/** Each title stands for itself in all that is said, so that an oracle can count it. */
export function titlesFor(first: number): readonly string[] {
  const choices = choicesFor(first);
  if (choices?.kind === 'buttons') return choices.buttons.map(({ title }) => title);
  return choices?.kind === 'list'
    ? choices.sections.flatMap(({ rows }) => rows.map(({ title }) => title))
    : [];
}

function choicesFor(first: number) {
  const title = (name: string) => `${name} of ${first}.`;
  const item = (name: string) => ({ id: name, title: title(name) });
  switch (first % 7) {
    case 1:
      return { kind: 'buttons' as const, buttons: [item('yes'), item('no')] };
    case 2:
      return { kind: 'buttons' as const, buttons: ['a', 'b', 'c', 'd'].map(item) };
    case 3: {
      const rows = ['early', 'late'].map((name) => ({ ...item(name), description: null }));
      return { kind: 'list' as const, button: 'Times', sections: [{ title: null, rows }] };
    }
    case 4:
      return { kind: 'link' as const, title: 'Open', url: `https://example.com/${first}` };
    default:
      return null;
  }
}
