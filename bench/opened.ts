import { AccessScope } from '../server/crypto/access-scope';

const owners = new Set<string>();

/** From now on counts patients of whom anything is opened, also privately, to confirm a hit. */
export function countOpened(): void {
  const { note } = AccessScope.prototype;
  AccessScope.prototype.note = function (this: AccessScope, owner: string, group: string) {
    owners.add(owner);
    note.call(this, owner, group);
  };
}

/** Patients opened since the last call. */
export function takeOpened(): number {
  const { size } = owners;
  owners.clear();
  return size;
}
