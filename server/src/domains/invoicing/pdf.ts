/**
 * Prints invoices and credit notes. The font is embedded as far as it is used; the same document always gives the same
 * bytes, so a document can be made again instead of kept.
 */
import { createRequire } from 'node:module';
import { layOut, type PrintedDocument } from './core/document.ts';

const { resolve } = createRequire(import.meta.url);
const font = (weight: string) =>
  resolve(`@expo-google-fonts/noto-sans-sc/${weight}/NotoSansSC_${weight}.ttf`);
const fonts = { Sluice: { normal: font('400Regular'), bold: font('600SemiBold') } };
const fontFiles: readonly string[] = Object.values(fonts.Sluice);

type Pdfmake = typeof import('pdfmake');
let loading: Promise<Pdfmake> | undefined;

/** The document as a PDF file; `issuedAt` is the time that the file says it was made. */
export async function printDocument(document: PrintedDocument, issuedAt: Date): Promise<Buffer> {
  loading ??= load();
  const pdfmake = await loading;
  const definition = layOut(document);
  const info = { ...definition.info, creationDate: issuedAt };
  return pdfmake.createPdf({ ...definition, info }).getBuffer();
}

/** Loaded when the first document is printed: a server that prints none spares its memory. */
async function load(): Promise<Pdfmake> {
  const { default: pdfmake } = await import('pdfmake');
  pdfmake.setFonts(fonts);
  // A document names no file and no address but its fonts, whatever a customer wrote into it.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => fontFiles.includes(path));
  return pdfmake;
}
