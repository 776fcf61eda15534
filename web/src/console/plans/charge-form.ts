/** A charge for use as its form holds it: the fields of every model at once, of which the chosen one sends its own. */
import type { Answer, Request } from '../../api/call.ts';
import type { Pairs } from '../forms/PairsField.tsx';

export type Charge = Answer<'getPlan'>['charges'][number];
export type ChargeBody = NonNullable<NonNullable<Request<'createPlan'>['body']>['charges']>[number];
export type Model = Charge['model'];

export interface TierForm {
  /** Left empty in the last one. */
  up_to?: string | undefined;
  unit_amount?: string | undefined;
  flat_amount?: string | undefined;
  per?: string | undefined;
}

/** Fields that are left out where nothing is written. */
type Texts = Partial<
  Record<
    | 'name'
    | 'currency'
    | 'amount'
    | 'unit_amount'
    | 'size'
    | 'rate'
    | 'fixed_amount'
    | 'free_total'
    | 'per_event_minimum'
    | 'per_event_maximum'
    | 'multiplier'
    | 'markup'
    | 'free_units'
    | 'discount'
    | 'minimum_spend'
    | 'maximum_spend',
    string | undefined
  >
>;

export interface ChargeForm extends Texts {
  meter: string;
  model: Model;
  tiers?: TierForm[];
  charge_flat_at_zero?: boolean | undefined;
  free_events?: number | null;
  per_million?: Pairs;
}

export const models = [
  'per_unit',
  'graduated',
  'volume',
  'package',
  'flat',
  'tokens',
  'percentage',
  'graduated_percentage',
  'dynamic',
] as const;

const common = ['name', 'currency', 'free_units', 'discount', 'minimum_spend', 'maximum_spend'];
const tiered = ['tiers', 'charge_flat_at_zero'];
const ownFields: Record<Model, readonly string[]> = {
  flat: ['amount'],
  per_unit: ['unit_amount'],
  graduated: tiered,
  volume: tiered,
  graduated_percentage: tiered,
  package: ['size', 'amount'],
  percentage: [
    'rate',
    'fixed_amount',
    'free_events',
    'free_total',
    'per_event_minimum',
    'per_event_maximum',
  ],
  dynamic: ['multiplier'],
  tokens: ['per_million', 'markup'],
};

export const emptyCharge: Partial<ChargeForm> = { model: 'per_unit', tiers: [{}] };

export function chargeFormOf(charge: Charge): ChargeForm {
  if (!('tiers' in charge)) return charge as ChargeForm;
  const tiers = charge.tiers.map(
    ({ up_to, ...tier }): TierForm => ({
      ...tier,
      ...(up_to !== null && { up_to }),
    }),
  );
  return { ...(charge as Omit<typeof charge, 'tiers'>), tiers };
}

/** What belongs to another model than the chosen one was only typed on the way, and is not sent. */
export function toChargeBody(form: ChargeForm): ChargeBody {
  const { meter, model } = form;
  const written = [...ownFields[model], ...common].flatMap((name) => {
    const value = writtenIn(form, name as keyof ChargeForm);
    return value === undefined ? [] : [[name, value]];
  });
  // Which fields a model has is in the table above; the server judges what they hold.
  return { meter, model, ...Object.fromEntries(written) } as ChargeBody;
}

function writtenIn(form: ChargeForm, name: keyof ChargeForm): unknown {
  if (name === 'tiers') return (form.tiers ?? []).map(toTierBody);
  const value = form[name];
  return value === '' || value === null || value === false ? undefined : value;
}

function toTierBody({ up_to, unit_amount, flat_amount, per }: TierForm) {
  return {
    up_to: up_to || null,
    unit_amount: unit_amount || '0',
    ...(flat_amount && { flat_amount }),
    ...(per && { per }),
  };
}
