import type { TemplateSummary } from '@sluice/contract/application-templates';
import type { z } from 'zod';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { Refusal, type TextProblem } from '../../../platform/errors.ts';
import {
  createApplication,
  findApplicationBySlug,
  updateApplication,
} from '../../identity/index.ts';
import { checkTemplate } from '../core/check-template.ts';
import { loadFeatures, loadMeters } from '../meters-store.ts';
import { listPlanSlugs } from '../plans-store.ts';
import type { Template } from '../template-schema.ts';
import { readTemplateText, sorted } from '../template-text.ts';
import type { Owner } from './resolve-application.ts';
import { syncFeature, syncMeter, syncPlan } from './sync-template.ts';

type Summary = z.output<typeof TemplateSummary>;
export type TemplateChange = Summary['changes'][number];

/**
 * Registers an application from its template, or brings it up to date; nothing is removed. With `dryRun` everything is
 * done and taken back, so that the answer is what would happen.
 * @throws Refusal `template_invalid` with every problem and its place in the text.
 */
export async function registerTemplate(
  context: Context,
  { template: text, dryRun }: { template: string; dryRun: boolean },
): Promise<Summary> {
  const template = await requireTemplate(context.database, text);
  try {
    return await inTransaction(context, async (transaction) => {
      const summary = await apply(context, transaction, template);
      if (dryRun) throw new TakenBack({ ...summary, dry_run: true });
      return summary;
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.summary;
    throw error;
  }
}

/** Every problem of a template's text, as the deployment is now; none where it can be registered. */
export async function validateTemplate(executor: Executor, text: string): Promise<TextProblem[]> {
  return (await examine(executor, text)).problems;
}

async function examine(executor: Executor, text: string) {
  const { template, problems, locate } = readTemplateText(text);
  if (!template) return { template, problems };
  const { slug } = template.application;
  const application = await findApplicationBySlug(executor, slug);
  const applicationId = application?.id ?? null;
  const slugs = template.plans.map((plan) => plan.slug);
  const found = checkTemplate(template, {
    applicationId,
    meters: await loadMeters(executor),
    features: await loadFeatures(executor),
    foreignPlans: (await listPlanSlugs(executor, slugs))
      .filter((plan) => applicationId === null || plan.application_id !== applicationId)
      .map((plan) => plan.slug),
  });
  return { template, problems: sorted(found.map(locate)) };
}

async function requireTemplate(executor: Executor, text: string): Promise<Template> {
  const { template, problems } = await examine(executor, text);
  if (template && problems.length === 0) return template;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  throw new Refusal('template_invalid', `Correct the template: it has ${count}.`, {
    param: 'template',
    details: problems,
  });
}

/** Ends a transaction whose work is only to be looked at. */
class TakenBack extends Error {
  readonly summary: Summary;
  constructor(summary: Summary) {
    super('a dry run is taken back');
    this.summary = summary;
  }
}

async function apply(
  context: Context,
  transaction: Transaction,
  template: Template,
): Promise<Summary> {
  const { slug, name } = template.application;
  const { owner, change } = await syncApplication(context, transaction, template.application);
  const changes: TemplateChange[] = [change];
  for (const entry of template.meters) {
    changes.push(await syncMeter(context, transaction, owner, entry));
  }
  for (const entry of template.features) {
    changes.push(await syncFeature(context, transaction, owner, entry));
  }
  for (const [index, entry] of template.plans.entries()) {
    changes.push(
      await syncPlan(context, transaction, owner, {
        ...entry,
        sort_order: entry.sort_order ?? index,
      }),
    );
  }
  return { application: { id: owner.applicationId, slug, name }, dry_run: false, changes };
}

async function syncApplication(
  context: Context,
  transaction: Transaction,
  {
    slug,
    name,
    description = null,
  }: Omit<Template['application'], 'description'> & {
    description?: string | null | undefined;
  },
): Promise<{ owner: Owner; change: TemplateChange }> {
  const before = await findApplicationBySlug(transaction, slug);
  if (!before) {
    const made = await createApplication(context, transaction, { slug, name, description });
    return {
      owner: { applicationId: made.id, applicationSlug: slug },
      change: { kind: 'application', name: slug, change: 'created', fields: [] },
    };
  }
  const wanted = { name, description, status: 'active' } as const;
  const fields = (['name', 'description', 'status'] as const).filter(
    (field) => before[field] !== wanted[field],
  );
  if (fields.length > 0)
    await updateApplication(context, transaction, { id: before.id, ...wanted });
  return {
    owner: { applicationId: before.id, applicationSlug: slug },
    change: {
      kind: 'application',
      name: slug,
      change: fields.length > 0 ? 'updated' : 'unchanged',
      fields,
    },
  };
}
