/** What a payment is made with: a provider by one of its means, the wallet, or a stored method. */
import { z } from 'zod';

/** Where the provider sends the payer back to: an address of this deployment's own web app. */
export const ReturnUrl = z.string().max(500).optional();

const Name = z.string().min(1).max(40);

/** Part of the body of whatever starts a payment. */
export const payWith = {
  provider: Name.optional().meta({
    description: 'Who collects; left out where a stored method is charged.',
  }),
  means: Name.optional().meta({
    description: 'By which of the provider’s means; its usual one when left out.',
  }),
  save_method: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the provider keeps the method for later payments.' }),
  payment_method_id: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'A stored method, charged at once and without the payer.' }),
  return_url: ReturnUrl,
};
