import { describe, expect, test } from 'vitest';
import type { PrintedDocument } from './core/document.ts';
import { printDocument } from './pdf.ts';

const document: PrintedDocument = {
  kind: 'invoice',
  number: 'INV-2026-000042',
  locale: 'zh-CN',
  status: 'open',
  currency: 'CNY',
  issuedOn: '2026-11-01',
  dueOn: '2026-11-15',
  period: { from: '2026-10-01', to: '2026-10-31' },
  corrects: null,
  seller: { name: '示例科技有限公司', taxId: '91310000MA1FL00000', address: ['上海市浦东新区'] },
  customer: {
    name: '客户（上海）医疗影像有限公司',
    taxId: null,
    address: ['上海市徐汇区漕溪北路 1 号'],
  },
  lines: Array.from({ length: 60 }, (_, index) => ({
    description: `影像分析 第 ${index + 1} 组`,
    details: ['0–1,000 次：每次 0.01', '1,000 次以上：每次 0.008'],
    quantity: '1,500',
    unitAmount: '0.01',
    amount: '14.00',
  })),
  totals: {
    subtotal: '840.00',
    discount: '-40.00',
    taxes: [{ name: '增值税', rate: '6', amount: '48.00' }],
    isTaxInclusive: false,
    total: '848.00',
    creditNotes: null,
    prepaid: '-48.00',
    due: '800.00',
  },
  notes: ['请在付款期限前付款。'],
};
const issuedAt = new Date('2026-11-01T00:00:00Z');
const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;

describe('printDocument', () => {
  test('gives the same bytes for the same document, and others for another', async () => {
    const [first, second, other] = await Promise.all([
      printDocument(document, issuedAt),
      printDocument(document, issuedAt),
      printDocument({ ...document, locale: 'en' }, issuedAt),
    ]);
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    expect(first.equals(second)).toBe(true);
    expect(first.equals(other)).toBe(false);
  });

  test('embeds the part of the font that is used, and breaks long tables into pages', async () => {
    const long = await printDocument(document, issuedAt);
    const short = await printDocument({ ...document, lines: document.lines.slice(0, 3) }, issuedAt);
    expect(pagesOf(short)).toBe(1);
    expect(pagesOf(long)).toBeGreaterThan(2);
    expect(long.toString('latin1')).toMatch(/\/FontName \/[A-Z]{6}\+NotoSansSC/);
    expect(long.length).toBeLessThan(200_000);
  });

  test('shows no picture and reads no file that a text names', async () => {
    const hostile = { ...document, notes: ['{"image": "/etc/passwd"}', '<svg></svg>'] };
    expect(pagesOf(await printDocument(hostile, issuedAt))).toBeGreaterThan(1);
  });
});
