import type { Finding } from '#app/check-business.ts';
import { withoutControls } from './terminal.ts';

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  ok: 'ok     ',
  warning: 'warning',
  failed: 'failed ',
};

/** One line each, and what to do under those that are not well. */
export function findingsInWords(findings: readonly Finding[]): string {
  return findings
    .map(({ verdict, message, advice }) => {
      const line = `${MARKS[verdict]}  ${withoutControls(message)}\n`;
      return verdict === 'ok' || advice === undefined ? line : `${line}         → ${advice}\n`;
    })
    .join('');
}
