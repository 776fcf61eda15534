/** The application that a sandbox begins with: its plans bought by demo customers, and their month of reported use. */
import { readTemplates, registerTemplate } from '../../domains/catalog/index.ts';
import { recordManualPayment } from '../../domains/invoicing/index.ts';
import { reportUsage } from '../../domains/metering/index.ts';
import { subscribe } from '../../domains/subscriptions/index.ts';
import type { Deployment, Services } from '../../main.ts';
import type { Context } from '../../platform/context.ts';
import { invariant } from '../../platform/errors.ts';
import { formatQuantity } from '../../platform/quantity.ts';

/** The first is used by the demo customers; the plans of both are on sale. */
const shippedNames = ['medical-analysis', 'ai-hub'] as const;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const bytesPerAnalysis = 30_000_000n;
const readers = ['chen', 'okafor', 'silva', 'novak'];

/** What of the application a customer uses. */
export interface DemoUse {
  organizationId: string;
  /** Slug of its plan. */
  plan: string;
  analysesPerDay: number;
}

/** Registers the shipped applications, and lets customers use the medical one for the last `days` days. */
export async function seedApplication(
  deployment: Deployment,
  services: Services,
  { uses, days, at }: { uses: readonly DemoUse[]; days: number; at: (ago: number) => Context },
): Promise<void> {
  const context = deployment.context();
  const templates = await readTemplates();
  const [applicationId] = await Promise.all(
    shippedNames.map(async (shippedName) => {
      const shipped = templates.find(({ name }) => name === shippedName);
      invariant(shipped, `the template ${shippedName} is shipped`);
      const { template } = shipped;
      const { application } = await registerTemplate(context, { template, dryRun: false });
      return application.id;
    }),
  );
  invariant(applicationId, 'the application is registered');
  await services.meters.load();
  for (const use of uses) {
    const began = at(days * dayMs);
    await subscribeTo(began, use);
    services.terms.forget(use.organizationId);
    for (let day = days - 1; day >= 0; day -= 1) {
      const then = at(day * dayMs + hourMs);
      await reportDay(then, services, { applicationId, use, day });
    }
  }
}

/** By bank transfer, where the plan costs anything. */
async function subscribeTo(context: Context, { organizationId, plan }: DemoUse): Promise<void> {
  const { invoice } = await subscribe(context, { organizationId, plan, provider: null });
  if (!invoice) return;
  await recordManualPayment(context, {
    organizationId,
    amount: invoice.due,
    currency: invoice.currency,
    invoiceId: invoice.id,
    note: 'Bank transfer',
  });
}

async function reportDay(
  context: Context,
  services: Services,
  { applicationId, use, day }: { applicationId: string; use: DemoUse; day: number },
): Promise<void> {
  const answers = await reportUsage(
    context,
    {
      ...services,
      resolveSubject: services.subjects.resolve,
      findKey: services.keyring.findById,
      settleReported: services.access.settle,
    },
    {
      reporter: { kind: 'application', applicationId },
      events: eventsOf(use, day, context.clocks.business()),
    },
  );
  const refused = answers.find(({ status }) => status === 'refused');
  invariant(!refused, `the demo's use is reported: ${JSON.stringify(refused)}`);
}

/** One day: analyses by several readers, the tokens of their reports, some exports, a little more storage. */
function eventsOf({ organizationId, analysesPerDay }: DemoUse, day: number, time: Date) {
  const event = (name: string, meter: string, quantity: string, properties?: object) => ({
    id: `demo-${organizationId}-${day}-${name}`,
    time: time.toISOString(),
    subject: { organization: organizationId },
    meter,
    quantity,
    ...(properties && { properties }),
  });
  // Fewer on two days of seven; a fixed pattern, so that every sandbox looks alike.
  const analyses = day % 7 < 2 ? Math.ceil(analysesPerDay / 3) : analysesPerDay + (day % 3);
  return [
    ...Array.from({ length: analyses }, (_, index) =>
      event(`analysis-${index}`, 'analyses', '1', {
        modality: ['ct', 'mri', 'xray'][index % 3],
      }),
    ),
    event('tokens', 'tokens', String(analyses * 1450)),
    ...Array.from({ length: Math.ceil(analyses / 3) }, (_, index) =>
      event(`export-${index}`, 'report_exports', '1'),
    ),
    event('storage', 'storage', formatQuantity(BigInt(analyses) * bytesPerAnalysis, 'gb')),
    ...readers
      .slice(0, Math.min(analyses, readers.length))
      .map((reader) => event(`reader-${reader}`, 'readers', '1', { reader_id: reader })),
  ];
}
