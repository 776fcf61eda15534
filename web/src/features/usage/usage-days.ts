/** The days that spend and calls are shown for, quiet ones too. */

export interface UsageDay {
  /** `YYYY-MM-DD` */
  day: string;
  calls: number;
  amount: string;
  tokens?: number;
}

export const shownDays = 14;
