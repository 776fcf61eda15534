/**
 * How long operators wait for a customer among 100,000 organizations and twice as many people: the box that searches
 * everything, the lists with their filters, and the page of one customer, asked of the operations that the API serves.
 */
import type pg from 'pg';
import { searchEverything } from '../../server/src/domains/customers/index.ts';
import { findOrganizations, findUsers } from '../../server/src/domains/identity/index.ts';
import type { Context } from '../../server/src/platform/context.ts';

/** Surnames, given names and trades: what names are made of, so that parts of them are shared by thousands. */
const words = `
  (array['张','王','李','赵','陈','杨','黄','周','吴','徐','孙','马','朱','胡','林','郭','何','高','罗','郑'])[1 + i % 20]
  || (array['伟','芳','娜','敏','静','丽','强','磊','军','洋','勇','艳','杰','涛','明','超','兰','霞','平','刚'])[1 + i / 20 % 20]
  || case when i % 3 = 0 then '' else
    (array['华','文','玉','建','国','志','海','春','小','永','德','金','红','云','晓','雪','雨','宇','子','思'])[1 + i / 400 % 20]
  end`;
const firms = `
  (array['云帆','启明','远景','博雅','智联','星河','天和','蓝海','金桥','新程'])[1 + i % 10] || substr(md5(i::text), 1, 4)
  || (array['科技','网络','软件','数据','智能'])[1 + i / 10 % 5] || '有限公司'`;

export async function makeCustomers(client: pg.Client, organizations: number): Promise<void> {
  const indexes = await dropGrams(client);
  await client.query(
    `insert into identity_users (id, email, name, username, locale, platform_role, status, password_hash, created_at)
     select 'usr_' || lpad(i::text, 8, '0'), 'user' || md5(i::text) || '@mail' || i % 5000 || '.example',
       case when i % 2 = 0 then ${words} else initcap(substr(md5('a' || i), 1, 7)) || ' ' || initcap(substr(md5('b' || i), 1, 9)) end,
       case when i % 4 = 0 then 'u' || substr(md5('u' || i), 1, 11) end,
       'en', 'user', case when i % 1000 = 0 then 'suspended' else 'active' end, '-', now()
     from generate_series(1, $1::int * 2) as i`,
    [organizations],
  );
  await client.query(
    `insert into identity_organizations (id, name, personal_user_id, status, time_zone, created_at)
     select 'org_' || lpad(i::text, 8, '0'),
       case when i % 2 = 0 then ${firms} else initcap(substr(md5('f' || i), 1, 8)) || ' Labs' end,
       'usr_' || lpad((i * 2)::text, 8, '0'), case when i % 500 = 0 then 'suspended' else 'active' end, 'UTC', now()
     from generate_series(1, $1::int) as i`,
    [organizations],
  );
  await client.query(
    `insert into identity_members (organization_id, user_id, role, created_at)
     select 'org_' || lpad(((i + 1) / 2)::text, 8, '0'), 'usr_' || lpad(i::text, 8, '0'),
       case when i % 2 = 0 then 'owner' else 'member' end, now()
     from generate_series(1, $1::int * 2) as i`,
    [organizations],
  );
  for (const index of indexes) await client.query(index);
  await client.query('vacuum (analyze) identity_users, identity_organizations, identity_members');
}

type Question = [kind: string, ask: (round: number) => Promise<unknown>];

/** An index is built much faster over all rows at once; answers how. */
async function dropGrams(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    "select indexname as name, indexdef as definition from pg_indexes where indexname like 'identity_%_grams'",
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}

/** As an operator types: a part, a whole, one or two signs, what thousands have, what nobody has. */
export function customerQuestions(context: Context, organizations: number): Question[] {
  const { database } = context;
  const box = (kind: string, q: (round: number) => string): Question => [
    kind,
    (round) => searchEverything(context, q(round)),
  ];
  const number = (round: number) => 1 + ((round * 7919) % organizations);
  const hex = (round: number) => (round * 2654435761).toString(16).slice(-8);
  return [
    box('part of an address', (round) => `user${hex(round).slice(0, 5)}`),
    box('a mail domain', (round) => `@mail${number(round) % 5000}.`),
    box('what all have', () => 'example'),
    box('a name in Latin letters', (round) => `${hex(round).slice(0, 4)}`),
    box('two letters', (round) => hex(round).slice(0, 2)),
    box('one Chinese sign', (round) => '张王李赵陈'.charAt(round % 5)),
    box(
      'two Chinese signs',
      (round) => `${'张王李赵陈'.charAt(round % 5)}${'伟芳娜敏静'.charAt(round % 5)}`,
    ),
    box(
      'part of a firm’s name',
      (round) => `${['云帆', '启明', '远景'][round % 3]}${hex(round).slice(0, 2)}`,
    ),
    box('a whole id', (round) => `org_${String(number(round)).padStart(8, '0')}`),
    box('nobody', (round) => `nobody-${round}-at-all`),
    ['list of people', () => findUsers(database, { limit: 51 })],
    ['list of suspended people', () => findUsers(database, { status: 'suspended', limit: 51 })],
    ['list of organizations', () => findOrganizations(database, { limit: 51 })],
    ['list of suspended', () => findOrganizations(database, { status: 'suspended', limit: 51 })],
    ['list by a word', () => findOrganizations(database, { q: 'Labs', limit: 51 })],
  ];
}

/** Each kind's times, sorted. */
export async function askCustomers(
  questions: readonly Question[],
  rounds: number,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [kind, ask] of questions) {
      const startedMs = performance.now();
      await ask(round);
      const taken = times.get(kind) ?? [];
      taken.push(performance.now() - startedMs);
      times.set(kind, taken);
    }
  }
  for (const taken of times.values()) taken.sort((a, b) => a - b);
  return times;
}
