import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { Amount } from '../../ui/Amount.tsx';
import { fromNanos, toNanos } from '../../ui/decimal.ts';
import { Facts } from '../../ui/Facts.tsx';

export type Wallet = Answer<'getWallet'>;

interface WalletFactsProps {
  wallet: Wallet;
  /** Every digit, where the lines that add up to it stand below. */
  isExact?: boolean;
}

/** What a wallet has and what of it can be spent; credit that was given and a debt are named only where there is one. */
export function WalletFacts({ wallet, isExact = false }: WalletFactsProps) {
  const t = useTranslations('billing');
  const amount = (value: string) => (
    <Amount value={value} currency={wallet.currency} isExact={isExact} />
  );
  const gift = wallet.grants.reduce((sum, { available }) => sum + toNanos(available), 0n);
  const owes = toNanos(wallet.owed) > 0n;
  return (
    <Facts
      as="figures"
      items={[
        { label: t('balance'), value: amount(wallet.balance) },
        { label: t('available'), value: amount(wallet.available) },
        ...(gift > 0n ? [{ label: t('gift'), value: amount(fromNanos(gift)) }] : []),
        { label: t('held'), value: amount(wallet.held) },
        ...(owes ? [{ label: t('owed'), value: amount(wallet.owed) }] : []),
      ]}
    />
  );
}
