/** What a business lets its assistant remember. */
export interface MemorySettings {
  /** What was said before the messages that a prompt has room for. */
  readonly summary: boolean;
  /** Name, language and preferences. */
  readonly profile: boolean;
  /** Other things that a customer told. */
  readonly facts: boolean;
  /** Also what customers tell of their health. */
  readonly health: boolean;
  /** Some things until they are erased, beyond the tenant's retention. */
  readonly permanent: boolean;
}

export const DEFAULT_MEMORY: MemorySettings = {
  summary: true,
  profile: true,
  facts: true,
  health: false,
  permanent: true,
};

export const MEMORY_SWITCHES = ['summary', 'profile', 'facts', 'health', 'permanent'] as const;
