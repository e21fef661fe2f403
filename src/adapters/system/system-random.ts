import type { Random } from '#app/ports/clock.ts';

/** Chance for jitter; nothing secret may come from it. */
export const systemRandom: Random = { next: () => Math.random() };
