/** What every report is asked and says: months of the deployment’s zone. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Instant } from './instants.ts';

export const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Write the month as year and month, such as "2026-01".')
  .meta({ id: 'Month', example: '2026-01' });

export const reportMonthsMax = 36;
export const reportDayMonthsMax = 3;

export const ReportQuery = z.strictObject({
  from: Month.optional().meta({
    description: 'The first month; eleven before the last, left out.',
  }),
  to: Month.optional().meta({ description: 'The last month, included; this one, left out.' }),
  format: z.enum(['json', 'csv']).default('json').meta({
    description: '`csv`: the same figures as a file for a spreadsheet.',
  }),
});

export const intervals = {
  interval: z
    .enum(['day', 'month'])
    .default('month')
    .meta({
      description: `\`day\`: of at most ${reportDayMonthsMax} months.`,
    }),
};

export const Count = z.number().int();
export const Share = z.number().nullable().meta({
  description: 'Of one, to four digits; null where there is nothing to have a share of.',
});

export const ReportHead = { from: Instant, to: Instant, time_zone: z.string() };
export const PointHead = { from: Instant, to: Instant };

export const MonthForecast = z
  .object({
    expected: Amount.meta({ description: 'What this month will come to.' }),
    low: Amount.meta({ description: 'One month in ten is expected to end below.' }),
    high: Amount.meta({ description: 'One month in ten is expected to end above.' }),
    last_period: z
      .object({
        expected: Amount.meta({
          description: 'As of as many days of last month as are over of this one.',
        }),
        actual: Amount,
        error: Share.meta({ description: 'How far off it was, as a share of what came.' }),
      })
      .nullable(),
  })
  .meta({ id: 'MonthForecast' });

export { Amount, Currency, Instant };
