import { draw } from '../random.ts';

/** How much a reply says beyond what it must: most are one bubble, some are two or three. */
export function replyLength(seed: number, firstMessage: number): number {
  const chance = draw(seed, 'length', firstMessage);
  return chance < 0.85 ? 0 : Math.ceil(chance * 6);
}
