import { coldStart } from './cold/cold-start.ts';
import { growth } from './growth/growth.ts';
import { overlap } from './overlap/overlap.ts';
import { peerCorrectness } from './peers/correctness.ts';
import { peers } from './peers/peers.ts';
import type { Benchmark } from './section.ts';
import { turn } from './turn/turn.ts';
import { warmIngest } from './warm-ingest/warm-ingest.ts';

/** In the order in which docs/performance.md has them. */
export const BENCHMARKS: readonly Benchmark[] = [
  coldStart,
  warmIngest,
  peers,
  peerCorrectness,
  turn,
  overlap,
  growth,
];
