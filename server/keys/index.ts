export { jobActions } from './key-jobs';
export type { KeyJobKind, KeyJobRow } from './key-job-store';
export { KeyWorkError } from './key-work-error';
export { KeysResolver } from './keys.resolver';
export { KeysService } from './keys.service';
