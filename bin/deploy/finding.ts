import type { Finding } from '#app/check-business.ts';

export function ok(check: string, message: string): Finding {
  return { verdict: 'ok', check, message };
}

export function failed(check: string, message: string, advice: string): Finding {
  return { verdict: 'failed', check, message, advice };
}
