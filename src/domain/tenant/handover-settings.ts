/** When a person of the business is asked for, how long the chat is theirs, and what is said of it. */
export interface HandOverSettings {
  /** Who writes one of these, and nothing else, asks for a person; undefined = the usual ones. */
  readonly personWords: readonly string[] | undefined;
  /** Turns in a row without an answer of the model, after which a person is asked for; 0 = never. */
  readonly afterFailures: number;
  /** What follows an answer that the model is not sure of. */
  readonly lowConfidence: 'off' | 'flag' | 'hand-over';
  /** A person who does nothing for so long gives the chat back. */
  readonly personIdleMinutes: number;
  /** If nobody takes a chat within this time, of which the business is open, the assistant goes on. */
  readonly waitingMinutes: number;
  /** While a chat waits for a person and the business is closed. */
  readonly outsideHours: 'answer' | 'silent';
  /** Said to who asks for a person. */
  readonly personText: string;
  /** The same while the business is closed; `{opens}` stands for when it opens. */
  readonly closedText: string;
}

export const DEFAULT_HAND_OVER: HandOverSettings = {
  personWords: undefined,
  afterFailures: 3,
  lowConfidence: 'flag',
  personIdleMinutes: 12 * 60,
  waitingMinutes: 60,
  outsideHours: 'answer',
  personText: 'Of course. Somebody of our team will write to you here as soon as possible.',
  closedText: 'Of course. Our team is back on {opens} and will write to you here then.',
};

export const HIGHEST_HAND_OVER = {
  afterFailures: 20,
  personIdleMinutes: 30 * 24 * 60,
  waitingMinutes: 30 * 24 * 60,
} as const;

/** What stands for the time of opening in `closedText`. */
export const OPENS = '{opens}';
