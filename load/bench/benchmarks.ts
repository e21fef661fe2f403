import { coldStart } from './cold/cold-start.ts';
import { peerCorrectness } from './peers/correctness.ts';
import { peers } from './peers/peers.ts';
import type { Benchmark } from './section.ts';
import { warmIngest } from './warm-ingest/warm-ingest.ts';

/** In the order in which docs/performance.md has them. */
export const BENCHMARKS: readonly Benchmark[] = [coldStart, warmIngest, peers, peerCorrectness];
