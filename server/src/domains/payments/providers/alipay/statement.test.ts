import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBill } from './statement.ts';
import { unzip } from './zip.ts';

/** A file of the archive below, whose text is ASCII but for what is given as GBK in hex. */
interface File {
  content: Buffer;
  method?: number;
  flags?: number;
}

/** An archive as the format is written down; independent of the simulator's. */
function pack(files: readonly File[]): Buffer {
  const [bodies, entries]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { content, method = 8, flags = 0 } of files) {
    const data = method === 8 ? deflateRawSync(content) : content;
    const name = Buffer.from('a.csv');
    const shared = Buffer.alloc(26);
    for (const [at, value] of [
      [0, 20],
      [2, flags],
      [4, method],
      [22, name.length],
    ] as const) {
      shared.writeUInt16LE(value, at);
    }
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(content.length, 18);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, name, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), shared, tail, name);
    bodies.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
}

describe('unzip', () => {
  const hello = Buffer.from('hello');

  it('reads stored and deflated files', () => {
    const files = unzip(pack([{ content: hello, method: 0 }, { content: hello }]), 100);
    expect(files?.map(({ content }) => content.toString())).toEqual(['hello', 'hello']);
  });

  it.each<[string, () => Buffer]>([
    ['nothing', () => Buffer.alloc(0)],
    ['noise', () => Buffer.alloc(100, 7)],
    ['an archive that is cut off', () => pack([{ content: hello }]).subarray(20)],
    ['an encrypted file', () => pack([{ content: hello, flags: 1 }])],
    ['a way of packing that is unknown', () => pack([{ content: hello, method: 12 }])],
    ['a bomb', () => pack([{ content: Buffer.alloc(10_000_000) }])],
    [
      'many files that are a bomb together',
      () => pack(Array(5).fill({ content: Buffer.alloc(300) })),
    ],
    ['too many files', () => pack(Array(21).fill({ content: hello }))],
  ])('refuses %s without an error', (_what, make) => {
    expect(unzip(make(), 1_000)).toBeUndefined();
  });
});

/** GBK of the columns and words that a bill is made of. */
const gbk: Record<string, string> = {
  支付宝交易号: 'd6a7b8b6b1a6bdbbd2d7bac5',
  商户订单号: 'c9ccbba7b6a9b5a5bac5',
  业务类型: 'd2b5cef1c0e0d0cd',
  完成时间: 'cdeab3c9cab1bce4',
  '订单金额（元）': 'b6a9b5a5bdf0b6eea3a8d4aaa3a9',
  '退款批次号/请求号': 'cdcbbfeec5fab4cebac52fc7ebc7f3bac5',
  '服务费（元）': 'b7fecef1b7d1a3a8d4aaa3a9',
  交易: 'bdbbd2d7',
  退款: 'cdcbbfee',
};
const columns = [
  ...['支付宝交易号', '商户订单号', '业务类型', '完成时间'],
  ...['订单金额（元）', '退款批次号/请求号', '服务费（元）'],
];
const encode = (text: string) =>
  Buffer.concat(
    text
      .split(
        /(支付宝交易号|商户订单号|业务类型|完成时间|订单金额（元）|退款批次号\/请求号|服务费（元）|交易|退款)/,
      )
      .map((part) => (gbk[part] ? Buffer.from(gbk[part], 'hex') : Buffer.from(part))),
  );
const bill = (...rows: string[]) =>
  pack([
    { content: encode('#summary\r\ntotal,1\r\n') },
    { content: encode(['#head', columns.join(','), ...rows, '#foot', ''].join('\r\n')) },
  ]);

describe('readBill', () => {
  it('reads payments and refunds out of the file that lists them', () => {
    const lines = readBill(
      bill(
        '2026112100001\t,abc\t,交易\t,2026-11-21 00:00:05\t,144.07,,-0.86',
        '"2026112100001\t",abc\t,退款\t,2026-11-21 23:59:59\t,-44.07,refund1\t,0.26',
        '2026112100002\t,\t,x\t,2026-11-21 12:00:00\t,-1.5,,',
      ),
    );
    expect(lines).toEqual([
      {
        ...{ kind: 'payment', number: 'abc', providerTransaction: '2026112100001' },
        amount: { minor: 14_407n, currency: 'CNY' },
        fee: { minor: 86n, currency: 'CNY' },
        at: new Date('2026-11-20T16:00:05Z'),
      },
      {
        ...{ kind: 'refund', number: 'refund1', providerTransaction: 'refund1' },
        payment: { number: 'abc', providerTransaction: '2026112100001' },
        amount: { minor: -4_407n, currency: 'CNY' },
        fee: { minor: 0n, currency: 'CNY' },
        at: new Date('2026-11-21T15:59:59Z'),
      },
      {
        ...{ kind: 'other', number: null, providerTransaction: '2026112100002' },
        amount: { minor: -150n, currency: 'CNY' },
        fee: { minor: 0n, currency: 'CNY' },
        at: new Date('2026-11-21T04:00:00Z'),
      },
    ]);
  });

  it('keeps a refund that Alipay has not numbered by its payment’s transaction', () => {
    const [line] = readBill(bill('t1\t,abc\t,退款\t,2026-11-21 10:00:00\t,-1.00,,0.00')) ?? [];
    expect(line).toMatchObject({ kind: 'refund', number: null, providerTransaction: 't1' });
  });

  it.each([
    ['an amount that is none', 't1,abc,交易,2026-11-21 10:00:00,1e3,,0.00'],
    ['a time that is none', 't1,abc,交易,yesterday,1.00,,0.00'],
    ['no transaction', ',abc,交易,2026-11-21 10:00:00,1.00,,0.00'],
    ['too few cells', 't1,abc'],
  ])('reads nothing at all of a bill with a line that has %s', (_what, row) => {
    const good = 't2,abd,交易,2026-11-21 10:00:00,1.00,,0.00';
    expect(readBill(bill(good))).toHaveLength(1);
    expect(readBill(bill(good, row))).toBeUndefined();
  });

  it('reads nothing of an archive without a list of payments', () => {
    expect(readBill(pack([{ content: encode('a,b\r\n1,2') }]))).toBeUndefined();
  });
});
