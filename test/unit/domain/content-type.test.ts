import { expect, test } from 'vitest';
import { contentTypeOf, isReadable, soundFileName } from '#domain/media/content-type.ts';
import { soundSecondsAtMost } from '#domain/media/sound-length.ts';
import { costOfTranscription } from '#domain/money/transcription-prices.ts';
import { aPdf, aPng, aVoiceNote } from '#test/support/files.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

test.each([
  ['image/png', aPng()],
  ['image/jpeg', bytes('\xff\xd8\xff\xe0\0\x10JFIF')],
  ['image/webp', bytes('RIFF\x1a\0\0\0WEBPVP8L')],
  ['image/gif', bytes('GIF89a')],
  ['audio/ogg', aVoiceNote()],
  ['audio/mpeg', bytes('ID3\x04\0')],
  ['audio/mpeg', bytes('\xff\xfb\x90\x64')],
  ['audio/aac', bytes('\xff\xf1\x50\x80')],
  ['audio/amr', bytes('#!AMR\n')],
  ['audio/mp4', bytes('\0\0\0\x18ftypM4A \0\0\0\0')],
  ['video/mp4', bytes('\0\0\0\x18ftypmp42\0\0\0\0')],
  ['video/3gpp', bytes('\0\0\0\x18ftyp3gp5\0\0\0\0')],
  ['application/pdf', aPdf('hello')],
  ['application/pdf', bytes(`\n\n${aPdf('hello').toString('latin1')}`)],
  ['application/zip', bytes('PK\x03\x04')],
  ['text/plain', Buffer.from('Größe 42\r\n')],
  ['text/plain', Buffer.from('ß'.repeat(40_000))],
  ['application/octet-stream', bytes('MZ\x90\0\x03')],
  ['application/octet-stream', bytes('caf\xe9')],
  ['application/octet-stream', Buffer.alloc(0)],
] as const)('%s is known by its bytes', (type, content) => {
  expect(contentTypeOf(content)).toBe(type);
});

test('what a message claims to be is held against what it is', () => {
  expect(isReadable('image', 'image/png')).toBe(true);
  expect(isReadable('image', 'application/pdf')).toBe(false);
  expect(isReadable('document', 'image/png')).toBe(true);
  expect(isReadable('document', 'application/zip')).toBe(false);
  expect(isReadable('video', 'video/mp4')).toBe(false);
});

test('a phone’s recording in a film’s container goes by a name that is taken', () => {
  expect(soundFileName('video/mp4')).toBe('voice.mp4');
  expect(soundFileName('audio/ogg')).toBe('voice.ogg');
  expect(soundFileName('audio/amr')).toBeUndefined();
});

test('a voice note lasts as long as it says, within what its size allows', () => {
  expect(soundSecondsAtMost(aVoiceNote(7), 'audio/ogg')).toBe(1);
  const long = Buffer.concat([Buffer.alloc(20_000, 1), aVoiceNote(7)]);
  expect(soundSecondsAtMost(long, 'audio/ogg')).toBe(7);
  const lying = Buffer.concat([Buffer.alloc(960_000, 1), aVoiceNote(1)]);
  expect(soundSecondsAtMost(lying, 'audio/ogg')).toBeGreaterThanOrEqual(20);
});

test('a film’s header tells its length, and anything else its size', () => {
  const box = Buffer.alloc(60_000);
  box.write('mvhd', 100);
  box.writeUInt32BE(1_000, 116);
  box.writeUInt32BE(12_500, 120);
  expect(soundSecondsAtMost(box, 'video/mp4')).toBe(13);
  expect(soundSecondsAtMost(Buffer.alloc(60_000), 'audio/mpeg')).toBe(60);
});

test('a transcription costs by the second, and an unknown model as much as the dearest', () => {
  expect(costOfTranscription('gpt-transcribe', 60)).toBe(4_500);
  expect(costOfTranscription('gpt-transcribe', 0.2)).toBe(75);
  expect(costOfTranscription('gpt-4o-mini-transcribe-2025-12-15', 60)).toBe(3_000);
  expect(costOfTranscription('of tomorrow', 60)).toBe(6_000);
});
