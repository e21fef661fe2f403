import type { StoredMessage } from '#domain/conversation/message.ts';
import type { Chat } from '#domain/ids.ts';
import { readInbound } from './inbound-record.ts';
import { messageKeyOf } from './keys.ts';
import { readOutbound } from './outbound-record.ts';
import { type Item, RECORD_VERSION, StoredRecord, VERSION_OF_COMMANDS } from './stored-record.ts';

/** @throws StoredRecordError */
export function readMessage(chat: Chat, item: Item): StoredMessage {
  const record = new StoredRecord(item, [RECORD_VERSION, VERSION_OF_COMMANDS]);
  const key = record.required('sk', messageKeyOf(record.text('sk')));
  switch (record.text('direction')) {
    case 'in':
      return readInbound(chat, key, record);
    case 'out':
      return readOutbound(key, record);
    default:
      throw record.problem('has an unknown direction');
  }
}
