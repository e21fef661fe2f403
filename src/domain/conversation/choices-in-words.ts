import { isWebAddress } from '#domain/whatsapp/web-address.ts';
import type { Bubble } from './bubble.ts';
import type { Choices } from './choices.ts';

/**
 * A bubble as a text: what could be tapped is a numbered list beneath it. So it is said where WhatsApp has no
 * room for it, and kept in the chat's history.
 */
export function bubbleInWords({ text, choices }: Bubble): string {
  const words = choices && choicesInWords(choices);
  return words ? `${text}\n\n${words}` : text;
}

function choicesInWords(choices: Choices): string {
  switch (choices.kind) {
    case 'buttons':
      return choices.buttons.map(({ title }, index) => `${index + 1}. ${title}`).join('\n');
    case 'list': {
      let number = 0;
      const lines = choices.sections.flatMap(({ title, rows }) => {
        const listed = rows.map((row) => {
          number += 1;
          return `${number}. ${row.title}${row.description ? ` – ${row.description}` : ''}`;
        });
        return title && choices.sections.length > 1 ? [`*${title}*`, ...listed] : listed;
      });
      return lines.join('\n');
    }
    case 'link':
      if (!isWebAddress(choices.url)) return '';
      return choices.title === choices.url ? choices.url : `${choices.title}: ${choices.url}`;
  }
}
