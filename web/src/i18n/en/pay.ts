/** Words of pay links, and of guests whom an application lets in. */
export const pay = {
  pay: {
    title: 'Pay',
    invoiceTitle: 'Invoice {number}',
    to: 'To {seller}',
    how: 'How do you pay?',
    pay: 'Pay {amount}',
    paid: 'This invoice is paid. Thank you!',
    closed: 'This invoice is closed: nothing is due on it.',
    notSold: 'This is no longer sold. Ask the seller for another link.',
    details: 'What it is for',
    tax: 'Tax',
    total: 'Total',
    due: 'To pay',
    by: 'Pay by',
    issued: 'Issued',
    underWay: 'Your payment',
    otherWay: 'Pay another way',
    email: 'Mail address',
    emailNote:
      'It is in the account of this address. If there is none, we open one and mail you a link to it.',
    emailRule: 'Write your mail address.',
    portal: 'One moment',
    linkMissing: 'The link is incomplete. Go back and open the page anew.',
    back: 'Back to {name}',
  },
} as const;
