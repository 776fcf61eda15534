/** The words of the authorization table: who may call an operation. */
import type { Permission, PlatformPermission } from './permissions.ts';

export interface Rule {
  /** Anyone, signed in or not. */
  anyone: boolean;
  /** Any signed-in person, whatever the organization. */
  person: boolean;
  /** What a person's role in the acting organization must hold. */
  permission: Permission | undefined;
  /** Whether an API key of the acting organization may call it. */
  apiKey: boolean;
  /** Whether an application's own key may call it. */
  application: boolean;
  /** What a person's role on the deployment must hold. */
  platformPermission: PlatformPermission | undefined;
}

const nobody: Rule = {
  anyone: false,
  person: false,
  permission: undefined,
  apiKey: false,
  application: false,
  platformPermission: undefined,
};

export const anyone: Rule = { ...nobody, anyone: true };
export const person: Rule = { ...nobody, person: true };
export const application: Rule = { ...nobody, application: true };
export const applicationOrKey: Rule = { ...nobody, application: true, apiKey: true };

/** A person whose role in the acting organization holds the permission. */
export function role(permission: Permission): Rule {
  return { ...nobody, permission };
}

/** The same person, or an API key of the organization. */
export function roleOrKey(permission: Permission): Rule {
  return { ...nobody, permission, apiKey: true };
}

/** A person whose role on the deployment holds the permission. */
export function operator(platformPermission: PlatformPermission): Rule {
  return { ...nobody, platformPermission };
}
