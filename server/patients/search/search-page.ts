import { privately } from '../../database/sealed-column';
import type { Connection, Edge, Page } from '../../graphql/pagination';
import type { Patient } from '../patient.entity';
import { matches, type Match } from './typed-words';

/** Where a search stands: on which leg of its route, and after which patient; null for the leg's beginning. */
export interface Place {
  leg: number;
  id: string | null;
}

export interface Hit extends Place {
  patient: Patient;
  match: Match;
}

/** An edge of a list of patients; `match` is null when nothing was searched for. */
export interface PatientEdge extends Edge<Patient> {
  match?: Match;
}

interface Walked {
  encode: (place: Place) => string;
  count: () => Promise<number | undefined>;
  /** Where the walk gave up on filling the page; the next page goes on from there. */
  stoppedAt?: Place;
  /** Told of each patient who is shown. */
  shown: (patient: Patient) => void;
}

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

/**
 * A page of hits, fetched with one more than its size in walking order. Within the page they stand by how well they fit,
 * then by name. Cursors follow the walk: paging on from the last edge, or back from the first, misses nobody.
 */
export function searchConnection(
  hits: Hit[],
  page: Page,
  { encode, count, stoppedAt, shown }: Walked,
): Connection<Patient> {
  const more = hits.length > page.size || stoppedAt !== undefined;
  const kept = hits.slice(0, page.size);
  if (page.backward) kept.reverse();
  const edges = readable(kept).map(({ patient, match }, position) => ({
    match,
    get node() {
      shown(patient);
      return patient;
    },
    get cursor() {
      return encode(kept[position]!);
    },
  }));
  const stopped = stoppedAt && encode(stoppedAt);
  return {
    edges,
    pageInfo: {
      hasNextPage: page.backward ? page.from !== null : more,
      hasPreviousPage: page.backward ? more : page.from !== null,
      startCursor: (page.backward ? stopped : undefined) ?? edges[0]?.cursor ?? null,
      endCursor: (page.backward ? undefined : stopped) ?? edges.at(-1)?.cursor ?? null,
    },
    get totalCount() {
      return count().then((n) => n as number);
    },
  };
}

function readable(hits: readonly Hit[]): Hit[] {
  const named = privately(() => hits.map((hit) => ({ hit, name: sortName(hit.patient) })));
  const rank = ({ match }: Hit) => matches.indexOf(match);
  named.sort((one, other) => rank(one.hit) - rank(other.hit) || collator.compare(one.name, other.name));
  return named.map(({ hit }) => hit);
}

function sortName({ name }: Patient): string {
  return [name.family, ...name.given].join('\0');
}
