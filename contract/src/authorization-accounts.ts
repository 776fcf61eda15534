/** Who may do what with a person's own sign-in; see `authorization.ts`. */
import { anyone, person, type Rule } from './authorization-rules.ts';

export const accountRules = {
  getSignInMethods: anyone,
  confirmEmail: anyone,
  undoEmail: anyone,
  beginPasskeySignIn: anyone,
  signInWithPasskey: anyone,

  getMySecurity: person,
  setupTotp: person,
  enableTotp: person,
  disableTotp: person,
  renewRecoveryCodes: person,
  listMySessions: person,
  endMySession: person,
  endOtherSessions: person,
  changePassword: person,
  changeEmail: person,
  exportMe: person,
  deleteMe: person,
  listPasskeys: person,
  beginPasskey: person,
  createPasskey: person,
  renamePasskey: person,
  removePasskey: person,
} as const satisfies Record<string, Rule>;
