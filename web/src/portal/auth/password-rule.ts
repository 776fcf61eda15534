/** As the contract has it; said before the form is sent. */
export const passwordLengthMin = 8;
