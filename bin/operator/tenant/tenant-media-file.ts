import { z } from 'zod';
import {
  DEFAULT_MEDIA,
  LONGEST_MODEL_ID,
  type MediaSettings,
} from '#domain/tenant/media-settings.ts';

const schema = z.strictObject({
  images: z
    .boolean()
    .default(DEFAULT_MEDIA.images)
    .describe('Whether the assistant looks at images'),
  audio: z.boolean().default(DEFAULT_MEDIA.audio).describe('Whether it listens to voice notes'),
  documents: z.boolean().default(DEFAULT_MEDIA.documents).describe('Whether it reads documents'),
  transcriptionModel: z
    .string()
    .trim()
    .min(1)
    .max(LONGEST_MODEL_ID)
    .optional()
    .describe("Writes down what is said; default: the stage's"),
  reactions: z
    .enum(['recorded', 'answered'])
    .default(DEFAULT_MEDIA.reactions)
    .describe('What a reaction, such as a thumb, leads to'),
});

/** The key of a tenant's file. */
export const mediaSchema = {
  media: schema
    .prefault({})
    .describe('What the assistant does with pictures, voice notes and documents'),
};

/** Its own keys, for messages. */
export const MEDIA_KEYS: Readonly<Record<string, readonly string[]>> = {
  media: Object.keys(schema.shape),
};

export function toMedia({ transcriptionModel, ...media }: z.output<typeof schema>): MediaSettings {
  return { ...media, transcriptionModel };
}

/** As it is written in a file. */
export function mediaDocument({ transcriptionModel, ...media }: MediaSettings) {
  return { media: { ...media, ...(transcriptionModel !== undefined && { transcriptionModel }) } };
}
