import { USUAL_TOKENS_PER_IMAGE } from '#domain/media/image-tokens.ts';
import { costOfUsage } from '#domain/money/model-cost.ts';
import { DEFAULT_RETENTION_DAYS } from '#domain/tenant/retention.ts';
import { billOf, type Line } from './bill.ts';
import { PICTURE_BYTES } from './converse.ts';
import { type Measured, NO_USE } from './measured.ts';
import { DAYS_A_MONTH } from './traffic.ts';
import { type Scene, usageOf } from './usage.ts';

const MILLION = 1e6;
const GB = 1_024 ** 3;
/** In base64, as it is sent on to the model. */
const SENT_BYTES = (PICTURE_BYTES * 4) / 3;

/** What a million messages cost more than words when each is a picture that the model looks at. */
export function pictureDollars(
  scene: Scene,
  model: string,
): { readonly aws: number; readonly model: number } {
  const { measured } = scene;
  const { count, functions } = measured.pictures;
  const pictures = { ...measured, conversations: count, turnsPerConversation: 1, functions };
  const [ofPictures, ofWords] = [withoutJobs(scene, pictures), withoutJobs(scene, measured)];
  const files = billOf(fileLines(ofPictures)).dollars;
  const looking = { inputTokens: USUAL_TOKENS_PER_IMAGE, cachedInputTokens: 0, outputTokens: 0 };
  return {
    aws: dollarsOf(ofPictures) - dollarsOf(ofWords) + files,
    model: costOfUsage(model, looking),
  };
}

/** A picture is remembered as words are: the same on both sides. */
function withoutJobs(scene: Scene, measured: Measured): Scene {
  return {
    ...scene,
    traffic: { ...scene.traffic, turns: 1 },
    measured: { ...measured, functions: { ...measured.functions, jobs: { ...NO_USE, calls: {} } } },
  };
}

/** But for what is kept: that was measured of words only, and a picture's row is about as long. */
function dollarsOf(scene: Scene): number {
  return billOf(usageOf(scene, MILLION).filter(({ part }) => !/kept|backups/.test(part))).dollars;
}

function fileLines({ measured }: Scene): readonly Line[] {
  const calls = Object.values(measured.functions).flatMap((each) => Object.entries(each.calls));
  const a = (method: string) =>
    calls
      .filter(([name]) => name === `s3:${method}`)
      .reduce((sum, [, times]) => sum + times / measured.conversations, 0);
  const months = DEFAULT_RETENTION_DAYS / DAYS_A_MONTH;
  return [
    { part: 'files', unit: 's3Write', quantity: MILLION * a('PUT') },
    { part: 'files', unit: 's3Read', quantity: MILLION * (a('GET') + a('HEAD')) },
    { part: 'files', unit: 's3GbMonth', quantity: (MILLION * PICTURE_BYTES * months) / GB },
    { part: 'files', unit: 'sentGb', quantity: (MILLION * SENT_BYTES) / GB },
  ];
}
