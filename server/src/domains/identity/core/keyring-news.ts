/** What is told of keys between processes. */

/** The payload is the id of the key, the organization or the person that changed, or `saltsChanged`. */
export const keyringChannel = 'identity_keyring';

/** Keys were moved here from one more system. */
export const saltsChanged = 'salts';
