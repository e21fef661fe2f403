import type { MemoryModel, MemoryReply, MemoryRequest } from '#app/ports/memory-model.ts';
import type { ExtractedFact, Extraction } from '#domain/memory/learn.ts';

const USAGE = { inputTokens: 100, cachedInputTokens: 0, outputTokens: 10 };

type Extracts = (request: MemoryRequest) => Promise<MemoryReply<Extraction>>;

/** Finds nothing, and summarises in a word, unless a test says otherwise. */
export class ScriptedMemoryModel implements MemoryModel {
  readonly extractions: MemoryRequest[] = [];
  readonly summaries: MemoryRequest[] = [];
  /** What the next extractions say. */
  readonly next: (MemoryReply<Extraction> | Extracts)[] = [];
  summary: MemoryReply<string> = { kind: 'said', said: 'They talked.', usage: USAGE };

  async extract(request: MemoryRequest): Promise<MemoryReply<Extraction>> {
    this.extractions.push(request);
    const scripted = this.next.shift();
    if (typeof scripted === 'function') return scripted(request);
    return scripted ?? extracts();
  }

  async summarise(request: MemoryRequest): Promise<MemoryReply<string>> {
    this.summaries.push(request);
    return this.summary;
  }
}

export function extracts(
  facts: readonly ExtractedFact[] = [],
  profile: Extraction['profile'] = {},
): MemoryReply<Extraction> {
  return { kind: 'said', said: { profile, facts }, usage: USAGE };
}

export function aFact(text: string, over: Partial<ExtractedFact> = {}): ExtractedFact {
  return {
    text,
    category: 'preference',
    confidence: 0.9,
    level: 'long',
    source: 0,
    repeats: undefined,
    replaces: [],
    ...over,
  };
}
