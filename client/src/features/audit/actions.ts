import type { TFunction } from 'i18next';

/** Actions offered as a filter. The log may hold others; those are shown by their own word. */
export const actions = [
  'read',
  'search',
  'create',
  'update',
  'delete',
  'sign-in',
  'sign-out',
  'view-log',
  'verify-log',
  'restore',
  'print',
  'report',
  'erase',
  'step-up',
  'rotate-keys',
  'reseal',
  'reindex',
  'lockout',
  'confirm-totp',
  'register-passkey',
  'reset-second-factor',
  'passkey-cloned',
] as const;

export function actionName(action: string, t: TFunction): string {
  return t(`action.${action as 'read'}`, { defaultValue: inWords(action) });
}

/** What was refused is entered by the name of the operation: `encryptedRecord` reads `Encrypted record`. */
function inWords(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
