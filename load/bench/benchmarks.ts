import { coldStart } from './cold/cold-start.ts';
import type { Benchmark } from './section.ts';

/** In the order in which docs/performance.md has them. */
export const BENCHMARKS: readonly Benchmark[] = [coldStart];
