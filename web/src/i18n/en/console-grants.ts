export const consoleGrants = {
  grants: {
    title: 'Credit given',
    note: 'Spent after allowances and before the wallet. What is left when it ends expires.',
    give: 'Give credit',
    giveTitle: 'Give {customer} credit',
    left: 'Left',
    since: 'Since',
    until: 'Until',
    untilNote: 'Left empty: it does not end. In the time zone {timeZone}.',
    forGood: 'No end',
    once: 'once',
    every: {
      day: '{count, plural, one {each day} other {every # days}}',
      week: '{count, plural, one {each week} other {every # weeks}}',
      month: '{count, plural, one {each month} other {every # months}}',
      year: '{count, plural, one {each year} other {every # years}}',
    },
    comes: 'How often',
    comeses: {
      once: 'Once',
      day: 'Anew by the day',
      week: 'Anew by the week',
      month: 'Anew by the month',
      year: 'Anew by the year',
    },
    periods: 'Every so many',
    rollover: 'Carried over at most',
    rolloverNote:
      'What is left of a period, up to so much, is added to the next. Left empty: nothing.',
    priority: 'Priority',
    priorityNote: 'Of several, the lowest is spent first.',
    reason: 'Reason',
    reasonNote: 'For operators; kept in the audit log.',
    confirmOnce:
      'You give {customer} {amount} as credit. It can be spent at once and is not taken back.',
    confirmEach: 'You give {customer} {amount} as credit, anew {every}, beginning now.',
    confirmNote: 'Reason: {note}',
    given: 'The credit was given.',
    none: 'No credit given',
    noneNote:
      'Credit is what you give without a payment: to try things, or to make up for something.',
  },
} as const;
