import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { When } from '../../ui/When.tsx';

export type CreditNote = Answer<'searchCreditNotes'>['data'][number];

/** Credit notes with what became of their amounts. */
export function useCreditNoteColumns(): Column<CreditNote>[] {
  const t = useTranslations('console.creditNotes');
  const money = (value: string, currency: string) => (
    <Amount value={value} currency={currency} isExact />
  );
  return [
    {
      title: t('number'),
      cell: ({ number, reason }) => (
        <span className="twofold">
          {number}
          <small>{reason}</small>
        </span>
      ),
    },
    { title: t('issued'), cell: ({ issued_at }) => <When at={issued_at} show="day" /> },
    { title: t('total'), align: 'end', cell: (note) => money(note.total, note.currency) },
    {
      title: t('againstDue'),
      align: 'end',
      cell: (note) => money(note.against_due, note.currency),
    },
    { title: t('toCredit'), align: 'end', cell: (note) => money(note.to_credit, note.currency) },
    { title: t('remaining'), align: 'end', cell: (note) => money(note.remaining, note.currency) },
  ];
}
