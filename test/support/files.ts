import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** A PDF of one page for each text, as small as one can be. */
export function aPdf(...pages: readonly string[]): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((text, index) => {
      const words = text.replace(/[\\()]/g, '\\$&');
      const content = `BT /F1 12 Tf 72 720 Td (${words}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + index * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  return pdfOf(objects);
}

/** A PDF whose one page unpacks to so many bytes. */
export function aPdfBomb(bytes: number): Buffer {
  const packed = deflateSync(Buffer.alloc(bytes, ' '), { level: 9 }).toString('latin1');
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << >> >>',
    `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`,
  ]);
}

function pdfOf(objects: readonly string[]): Buffer {
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  const xref = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join('')}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF`;
  return Buffer.from(text + xref + trailer, 'latin1');
}

/** The first and the last page of a voice note as WhatsApp records them, with so many seconds in between. */
export function aVoiceNote(seconds = 2, content = 'a voice'): Buffer {
  const page = (samples: number, body: Buffer) => {
    const head = Buffer.alloc(27);
    head.write('OggS');
    head.writeBigUInt64LE(BigInt(samples), 6);
    head.writeUInt8(1, 26);
    return Buffer.concat([head, Buffer.from([body.length]), body]);
  };
  return Buffer.concat([
    page(0, Buffer.from('OpusHead')),
    page(seconds * 48_000, Buffer.from(content)),
  ]);
}

/** A picture of one pixel; another content is another picture. */
export function aPng(content = ''): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])),
    chunk('tEXt', Buffer.from(content)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export function sha256Of(bytes: Buffer, encoding: 'base64' | 'hex' = 'base64'): string {
  return createHash('sha256').update(bytes).digest(encoding);
}
