import { getDocumentProxy } from 'unpdf';

export interface PdfWanted {
  readonly bytes: Uint8Array;
  readonly mostPages: number;
  readonly mostCharacters: number;
}

export interface PdfText {
  readonly text: string;
  readonly isCut: boolean;
}

/** Of warnings about what is odd in a document nobody reads. */
const SILENT = 0;

/** The words of a PDF, page after page. @throws whatever PDF.js makes of a locked or broken one */
export async function pdfText({ bytes, mostPages, mostCharacters }: PdfWanted): Promise<PdfText> {
  const document = await getDocumentProxy(bytes, {
    verbosity: SILENT,
    useSystemFonts: false,
    disableFontFace: true,
  });
  const pages = Math.min(document.numPages, mostPages);
  const texts: string[] = [];
  let characters = 0;
  for (let number = 1; number <= pages && characters < mostCharacters; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const text = items
      .map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : ''))
      .join('')
      .trim();
    page.cleanup();
    texts.push(text);
    characters += text.length;
  }
  const text = texts.filter(Boolean).join('\n\n');
  return {
    text: text.slice(0, mostCharacters),
    isCut: text.length > mostCharacters || document.numPages > texts.length,
  };
}
