/** SQL of applications: the products that ask for access or report usage. */
import type { Selectable } from 'kysely';
import type { Executor } from '../../../platform/database/pool.ts';

type ApplicationTables = {
  identity_applications: {
    id: string;
    /** Never changes: it is part of the names of the application's meters and features. */
    slug: string;
    name: string;
    description: string | null;
    status: 'active' | 'archived';
    created_at: Date;
    updated_at: Date;
  };
};

export interface Application {
  id: string;
  slug: string;
  name: string;
  description: string | null;
  status: 'active' | 'archived';
  createdAt: Date;
}

const columns = ['id', 'slug', 'name', 'description', 'status', 'created_at'] as const;
const tables = (executor: Executor) => executor.withTables<ApplicationTables>();

export async function findApplication(
  executor: Executor,
  id: string,
): Promise<Application | undefined> {
  const row = await tables(executor)
    .selectFrom('identity_applications')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toApplication(row);
}

export async function findApplicationBySlug(
  executor: Executor,
  slug: string,
): Promise<Application | undefined> {
  const row = await tables(executor)
    .selectFrom('identity_applications')
    .select(columns)
    .where('slug', '=', slug)
    .executeTakeFirst();
  return row && toApplication(row);
}

/** Adds an application; false where the slug is taken. */
export async function insertApplication(
  executor: Executor,
  application: Application,
): Promise<boolean> {
  const added = await tables(executor)
    .insertInto('identity_applications')
    .values({
      id: application.id,
      slug: application.slug,
      name: application.name,
      description: application.description,
      status: application.status,
      created_at: application.createdAt,
      updated_at: application.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function updateApplicationRow(
  executor: Executor,
  { id, name, description, status }: Application,
  updatedAt: Date,
): Promise<void> {
  await tables(executor)
    .updateTable('identity_applications')
    .set({ name, description, status, updated_at: updatedAt })
    .where('id', '=', id)
    .execute();
}

type Row = Pick<Selectable<ApplicationTables['identity_applications']>, (typeof columns)[number]>;

function toApplication({ created_at: createdAt, ...row }: Row): Application {
  return { ...row, createdAt };
}

/** Applications, newest first. */
export async function findApplications(
  executor: Executor,
  page: { before: string | undefined; limit: number },
): Promise<Application[]> {
  const all = tables(executor).selectFrom('identity_applications').select(columns);
  const rows = await (page.before === undefined ? all : all.where('id', '<', page.before))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(toApplication);
}

export async function lockApplication(
  executor: Executor,
  id: string,
): Promise<Application | undefined> {
  const row = await tables(executor)
    .selectFrom('identity_applications')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toApplication(row);
}
