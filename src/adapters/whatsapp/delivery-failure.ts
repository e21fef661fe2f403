import type { FollowUp } from '#domain/conversation/message.ts';

/** WhatsApp could not deliver for the moment; what was refused may be sent again without saying it twice. */
const SEND_AGAIN = [1, 2, 131000, 131016, 131053, 133004];

/** There were too many messages, or maintenance: a while has to pass. */
const SEND_LATER = [4, 80007, 130429, 131056, 131057];

/** The address is the trouble; the contact may have another one. */
const OTHER_ADDRESS = [131026, 131062];

/** Nothing can be said to this customer now, and nobody needs to act: the code on the bubble is the record. */
const RECORD = [
  130403, 130472, 130497, 131021, 131047, 131049, 131050, 131055, 131063, 134100, 134102,
];

/**
 * What a status `failed` with this error code leads to (error codes of the Cloud API).
 * @returns undefined where it is only recorded; whatever nobody knows yet is looked at by a person
 */
export function followUpOf(errorCode: number | undefined): FollowUp | undefined {
  if (errorCode === undefined) return 'person';
  if (SEND_AGAIN.includes(errorCode)) return 'send-again';
  if (SEND_LATER.includes(errorCode)) return 'send-later';
  if (OTHER_ADDRESS.includes(errorCode)) return 'other-address';
  return RECORD.includes(errorCode) ? undefined : 'person';
}
