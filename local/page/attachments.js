/** Things other than words that a customer sends: elements of `messages[]` as Meta delivers them. */
const MEDIA = { id: '910000000000001', sha256: 'Qk1z0l3u9sQm1n5vXcK0o2b7yWJ8tZ4eRf6hGdA1iM8=' };

export const ATTACHMENTS = [
  {
    label: 'Photo',
    picture: '🖼️',
    message: {
      type: 'image',
      image: { ...MEDIA, mime_type: 'image/jpeg', caption: 'Could you make this one?' },
    },
  },
  {
    label: 'Voice note',
    picture: '🎙️',
    message: {
      type: 'audio',
      audio: { ...MEDIA, mime_type: 'audio/ogg; codecs=opus', voice: true },
    },
  },
  {
    label: 'Location',
    picture: '📍',
    message: {
      type: 'location',
      location: {
        latitude: 40.4168,
        longitude: -3.7038,
        name: 'Sol',
        address: 'Puerta del Sol, Madrid',
      },
    },
  },
  {
    label: 'Document',
    picture: '📄',
    message: {
      type: 'document',
      document: { ...MEDIA, mime_type: 'application/pdf', filename: 'order.pdf' },
    },
  },
];
