import { en } from './en';
import type { Words } from './index';

export const es: Words<typeof en> = en;
