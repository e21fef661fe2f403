/** What the assistant does with what customers send beside words. Everything is kept, read or not. */
export interface MediaSettings {
  /** Whether it looks at images and stickers. */
  readonly images: boolean;
  /** Whether it listens to voice notes and other sound. */
  readonly audio: boolean;
  /** Whether it reads documents. */
  readonly documents: boolean;
  /** Writes down what is said; undefined = the platform's default. */
  readonly transcriptionModel: string | undefined;
  /** What a reaction, such as a thumb, leads to. */
  readonly reactions: 'recorded' | 'answered';
}

export const DEFAULT_MEDIA: MediaSettings = {
  images: true,
  audio: true,
  documents: true,
  transcriptionModel: undefined,
  reactions: 'recorded',
};

/** Nothing that WhatsApp, or a model's id, has is as long. */
export const LONGEST_MODEL_ID = 100;
