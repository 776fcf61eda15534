/** The days that a report is of, for links to the rows behind its figures. */
import { createContext, useContext } from 'react';
import { dayOf } from '../../ui/zone-days.ts';

/** As the lists' addresses have them: calendar days, both included. */
export interface Days {
  from?: string;
  to?: string;
}

export const ReportDays = createContext<Days>({});

export const useReportDays = () => useContext(ReportDays);

/** As reports' addresses have them. */
export function monthsOf({ from, to }: Days): Days {
  return { ...(from && { from: from.slice(0, 7) }), ...(to && { to: to.slice(0, 7) }) };
}

interface Span {
  from: string;
  /** Not included. */
  to: string;
  time_zone: string;
}

export function daysOf({ from, to, time_zone: timeZone }: Span): Required<Days> {
  return {
    from: dayOf(new Date(from), timeZone),
    to: dayOf(new Date(Date.parse(to) - 1), timeZone),
  };
}
