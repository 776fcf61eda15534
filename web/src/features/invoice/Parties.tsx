import { useTranslations } from 'use-intl';
import { Panel } from '../../ui/Panel.tsx';
import { useCountryName } from './countries.ts';
import type { Invoice } from './invoice.ts';

/** Who sold and who bought, as they were when the document was issued. */
export function Parties({ seller, customer }: Pick<Invoice, 'seller' | 'customer'>) {
  const t = useTranslations('invoices');
  return (
    <div className="columns">
      <PartyPanel title={t('seller')} party={seller} />
      <PartyPanel title={t('customer')} party={customer} />
    </div>
  );
}

function PartyPanel({ title, party }: { title: string; party: Invoice['seller'] }) {
  const t = useTranslations('invoices');
  const countryName = useCountryName();
  return (
    <Panel title={title}>
      <address className="party">
        <strong>{party.name}</strong>
        {party.address.map((line) => (
          <span key={line}>{line}</span>
        ))}
        {party.country && <span>{countryName(party.country)}</span>}
        {party.tax_id && <span>{t('taxId', { id: party.tax_id })}</span>}
      </address>
    </Panel>
  );
}
