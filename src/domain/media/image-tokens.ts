/**
 * The most tokens that an image counts as at the detail `high`. OpenAI's guide "Images and vision": patches
 * of 32 pixels, at most 1,536 of them, times up to 2.46 by model. For the models of 2026-09 and later the
 * page was not to be had, so this is half as much again; what `usage` reports is what is counted in the end.
 */
export const MOST_TOKENS_PER_IMAGE = 5_700;

/** What an image counts as on average, to tell what looking has cost from what reading has. */
export const USUAL_TOKENS_PER_IMAGE = 1_200;
