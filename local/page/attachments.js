/** Things other than words that a customer sends: elements of `messages[]` as Meta delivers them. */

/** A picture of one pixel, as PNG and as WebP. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WEBP = 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==';

/** The first and last page of an Ogg file of two seconds; the scripted model hears what it spells. */
const VOICE = btoa(
  `${oggPage(0, 'OpusHead')}${oggPage(96_000, 'said: Do you have sourdough today?')}`,
);

const PDF = btoa(pdf('Order 17: two loaves of rye, Friday at nine.'));

export const ATTACHMENTS = [
  {
    label: 'Photo',
    picture: '🖼️',
    message: () => ({ type: 'image', image: { caption: 'Could you make this one?' } }),
    file: { content: PNG, mime_type: 'image/png' },
  },
  {
    label: 'Voice note',
    picture: '🎙️',
    message: () => ({
      type: 'audio',
      audio: { mime_type: 'audio/ogg; codecs=opus', voice: true },
    }),
    file: { content: VOICE, mime_type: 'audio/ogg' },
  },
  {
    label: 'Document',
    picture: '📄',
    message: () => ({ type: 'document', document: { filename: 'order.pdf' } }),
    file: { content: PDF, mime_type: 'application/pdf' },
  },
  {
    label: 'Huge file',
    picture: '🐘',
    message: () => ({ type: 'document', document: { filename: 'everything.pdf' } }),
    file: { content: PDF, mime_type: 'application/pdf', bytes: 30_000_000 },
  },
  {
    label: 'Video',
    picture: '🎬',
    message: () => ({ type: 'video', video: { caption: 'Like this' } }),
    file: { content: btoa('\0\0\0\x18ftypmp42\0\0\0\0mp42isom'), mime_type: 'video/mp4' },
  },
  {
    label: 'Sticker',
    picture: '🌟',
    message: () => ({ type: 'sticker', sticker: { animated: false } }),
    file: { content: WEBP, mime_type: 'image/webp' },
  },
  {
    label: 'Location',
    picture: '📍',
    message: () => ({
      type: 'location',
      location: {
        latitude: 40.4168,
        longitude: -3.7038,
        name: 'Sol',
        address: 'Puerta del Sol, Madrid',
      },
    }),
  },
  {
    label: 'Contact',
    picture: '👤',
    message: () => ({
      type: 'contacts',
      contacts: [
        {
          name: { formatted_name: 'Leo Paz' },
          phones: [{ phone: '+34 600 999 888', wa_id: '34600999888', type: 'CELL' }],
          emails: [{ email: 'leo@example.invalid', type: 'WORK' }],
        },
      ],
    }),
  },
  {
    label: 'Order',
    picture: '🛒',
    message: () => ({
      type: 'order',
      order: {
        catalog_id: '510000000000001',
        text: 'please gift wrap',
        product_items: [
          { product_retailer_id: 'rye-1kg', quantity: 2, item_price: 4.9, currency: 'EUR' },
        ],
      },
    }),
  },
  {
    label: 'Form',
    picture: '📝',
    message: () => ({
      type: 'interactive',
      interactive: {
        type: 'nfm_reply',
        nfm_reply: {
          name: 'flow',
          body: 'Sent',
          response_json: JSON.stringify({ flow_token: 'ft-77', name: 'Mira', persons: 4 }),
        },
      },
    }),
  },
  {
    label: 'Thumb up',
    picture: '👍',
    needs: 'theirs',
    message: ({ theirs }) => ({ type: 'reaction', reaction: { message_id: theirs, emoji: '👍' } }),
  },
  {
    label: 'Reply to that',
    picture: '↩️',
    needs: 'theirs',
    message: ({ theirs }) => ({
      type: 'text',
      text: { body: 'What do you mean by that?' },
      context: { id: theirs },
    }),
  },
  {
    label: 'Edit my last',
    picture: '✏️',
    needs: 'mine',
    message: ({ mine }) => ({
      type: 'edit',
      edit: {
        original_message_id: mine,
        message: { type: 'text', text: { body: 'Three loaves, I mean.' } },
      },
    }),
  },
  {
    label: 'Delete my last',
    picture: '🗑️',
    needs: 'mine',
    message: ({ mine }) => ({ type: 'revoke', revoke: { original_message_id: mine } }),
  },
  {
    label: 'Poll',
    picture: '📊',
    message: () => ({
      type: 'unsupported',
      unsupported: { type: 'poll_creation' },
      errors: [{ code: 131051, title: 'Message type unknown' }],
    }),
  },
];

function oggPage(samples, body) {
  const bytes = new Uint8Array(27);
  bytes.set([0x4f, 0x67, 0x67, 0x53]);
  new DataView(bytes.buffer).setUint32(6, samples, true);
  bytes[26] = 1;
  return String.fromCharCode(...bytes, body.length) + body;
}

function pdf(text) {
  const content = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
  return `%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >> endobj
4 0 obj << /Length ${content.length} >> stream
${content}
endstream endobj
5 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj
trailer << /Size 6 /Root 1 0 R >>
%%EOF`;
}
