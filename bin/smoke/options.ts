import { isStageName, type StageName, stageNames } from '#lib/config/stages.ts';

/** Raised for a command line that cannot be meant; the message says what can. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type SmokeOptions = { readonly stage: StageName } | { readonly url: string };

export const SMOKE_USAGE = `Usage: npm run smoke -- <${stageNames.join('|')}|local|URL>

Tries what is deployed by its real address and leaves nothing behind: is it alive and ready, does it refuse
who does not sign, and take who does? The signed webhook is tried with the app secret in SMOKE_APP_SECRET.

  local   http://127.0.0.1:3000, while npm start runs; its app secret is local-app-secret
  URL     where the API answers, for example https://hooks.example.com`;

/** @throws UsageError */
export function readSmokeOptions([target, ...rest]: readonly string[]): SmokeOptions | 'help' {
  if (target === '--help' || target === '-h') return 'help';
  if (target === undefined || rest.length > 0) throw new UsageError(SMOKE_USAGE);
  if (target === 'local') return { url: 'http://127.0.0.1:3000' };
  if (isStageName(target)) return { stage: target };
  const url = URL.parse(target);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return { url: url.origin };
  throw new UsageError(`There is no ${JSON.stringify(target)}.\n\n${SMOKE_USAGE}`);
}
