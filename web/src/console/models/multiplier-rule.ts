/** More than zero, at most six decimals, as the contract has it. */
export const multiplierPattern = /^(?=.*[1-9])(0|[1-9]\d{0,3})(\.\d{1,6})?$/;
