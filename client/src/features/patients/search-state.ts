import { useSyncExternalStore } from 'react';
import type { Gender } from '../../gql/graphql';
import { getSession, watchSession } from '../../session/session';

/** What the patient list looks for. In memory only: names and search terms must not get into URLs or storage. */
export interface PatientSearch {
  text: string;
  mine: boolean;
  gender: Gender | null;
  life: 'any' | 'living' | 'deceased';
  deleted: boolean;
}

const nothing: PatientSearch = { text: '', mine: false, gender: null, life: 'any', deleted: false };
let current = nothing;
const watchers = new Set<() => void>();

export function searchFor(change: Partial<PatientSearch>): void {
  current = { ...current, ...change };
  watchers.forEach((watcher) => watcher());
}

export function searchForAll(): void {
  searchFor(nothing);
}

/** The same words, among everybody. */
export function dropFilters(): void {
  searchFor({ ...nothing, text: current.text });
}

export function isFiltered({ mine, gender, life, deleted }: PatientSearch): boolean {
  return mine || deleted || gender !== null || life !== 'any';
}

export function usePatientSearch(): PatientSearch {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => current,
  );
}

watchSession(() => {
  if (getSession().status === 'signedOut') searchForAll();
});
