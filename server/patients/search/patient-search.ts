import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Foundation } from '../../access/foundation';
import { privately } from '../../database/sealed-column';
import { badInput } from '../../graphql/errors';
import type { RequestContext } from '../../graphql/context';
import { readPage, type Connection, type Page, type PageArgs } from '../../graphql/pagination';
import type { Patient } from '../patient.entity';
import type { PatientRepository } from '../patient.repository';
import type { Generation } from './generation';
import type { Generations } from './generations';
import { legsSql, type Conditions } from './leg-sql';
import { legsAtOnce, routeOf, workOf, type Leg } from './route';
import { MOST_WORK } from './rows';
import { searchConnection, type Hit, type Place } from './search-page';
import { fitOf, readTyped, type TypedWord } from './typed-words';

/** Hits counted at most for `totalCount`; every one of them is opened. */
const COUNTED_AT_MOST = 1_000;
/** A care team of so many patients is gone through itself rather than the index. */
const LARGEST_TEAM = 2_000;

/** What a list of patients wants of a search. */
export interface SearchRequest {
  search: string;
  page: PageArgs;
  where: Conditions;
  /** Whether only patients of the actor's own care team may be found. */
  withinTeam: boolean;
  /** What only an opened record can tell. */
  keeps: (patient: Patient) => boolean;
  /** Told of each patient who is shown: having been found says something. */
  shown: (patient: Patient) => void;
}

interface Prepared {
  words: readonly TypedWord[];
  generation: Generation;
  route: readonly Leg[];
  memberId: string | null;
}

/** Finds patients through the search index: a few looks, and opening the page. */
export class PatientSearch {
  /** Which way is cheaper changes slowly, and both find the same. */
  private readonly smallTeams = new LRUCache<string, boolean>({ max: 1_000, ttl: 60_000 });

  constructor(
    private readonly base: Foundation,
    private readonly patients: PatientRepository,
    private readonly generations: Generations,
    private readonly openedAtMost: number,
  ) {}

  /**
   * A page of hits, best first, each confirmed on the opened record. Throws BAD_USER_INPUT for a cursor of another search, or
   * of an index that is no more.
   */
  async find(context: RequestContext, request: SearchRequest): Promise<Connection<Patient>> {
    const list = `patients ${createHash('sha256').update(request.search.trim()).digest('base64url').slice(0, 16)}`;
    const page = readPage(request.page, list, this.base.cursors);
    const place = page.from ? placeOf(page.from) : null;
    const prepared = await this.prepare(context, request, place);
    const { hits, stoppedAt } = await this.walk(prepared, request, page, place);
    for (const { patient } of hits) this.patients.remember(context, patient);
    const whole = !page.from && hits.length <= page.size && !stoppedAt;
    return searchConnection(hits, page, {
      encode: ({ leg, id }) => {
        const mode = prepared.memberId ? 'team' : 'index';
        return this.base.cursors.encode(list, [String(prepared.generation.version), mode, String(leg), id ?? '']);
      },
      count: async () => (whole ? hits.length : this.count(prepared, request)),
      stoppedAt,
      shown: request.shown,
    });
  }

  private async prepare(context: RequestContext, request: SearchRequest, place: KeptPlace | null): Promise<Prepared> {
    const known = place && (await this.generations.find(place.version));
    if (place && !known) throw badInput('after', 'The index was built anew since; begin this search again.');
    const generation = known?.generation ?? (await this.generations.active());
    const words = readTyped(request.search, generation.plan.prefixLengths);
    const within = place ? place.mode === 'team' : request.withinTeam && (await this.isSmallTeam(context.actor.id));
    const route = routeOf(generation, words, within);
    return { words, generation, route, memberId: within ? context.actor.id : null };
  }

  /** Follows the route from a place until the page (and one more, to know whether more follow) is full, or enough was done. */
  private async walk(
    prepared: Prepared,
    { where, keeps }: SearchRequest,
    { size, backward }: Pick<Page, 'size' | 'backward'>,
    place: Place | null,
  ): Promise<{ hits: Hit[]; stoppedAt?: Place }> {
    const { route, words, generation, memberId } = prepared;
    const hits: Hit[] = [];
    const step = backward ? -1 : 1;
    let { leg, id } = place ?? { leg: backward ? route.length - 1 : 0, id: null };
    for (let work = 0, opened = 0; route[leg] && hits.length <= size;) {
      // then the page is short, and the next goes on from there: so whoever asks for two common names that nobody bears together,
      // or for people who are all in the care of others, is answered in time
      if (opened >= this.openedAtMost || work >= MOST_WORK) return { hits, stoppedAt: { leg, id } };
      const look = {
        version: generation.version,
        memberId,
        from: id,
        descending: backward,
        // no more than are missing, unless some that were opened were not wanted: they would come one by one
        limit: opened > hits.length ? size + 1 : size + 1 - hits.length,
      };
      const together = legsAtOnce(route, leg, step);
      const legs = together.map((at) => route[at]!);
      const { source, values } = legsSql(legs, look, where);
      const rows = await this.patients.selectWithPlace(source, 'k.turn', values);
      const found = privately(() => standing(rows, words, together));
      hits.push(...found.filter(({ patient }) => privately(() => keeps(patient))));
      opened += rows.length;
      work += workOf(legs);
      if (rows.length === look.limit) [leg, id] = [together[rows.at(-1)!.place]!, rows.at(-1)!.patient.id];
      else [leg, id] = [together.at(-1)! + step, null];
    }
    return { hits: hits.slice(0, size + 1) };
  }

  /** Undefined when there are more than are counted, or when more would have to be followed than for one page. */
  private async count(prepared: Prepared, request: SearchRequest): Promise<number | undefined> {
    const page = { size: COUNTED_AT_MOST, backward: false };
    const { hits, stoppedAt } = await this.walk(prepared, request, page, null);
    return stoppedAt || hits.length > COUNTED_AT_MOST ? undefined : hits.length;
  }

  private async isSmallTeam(memberId: string | null): Promise<boolean> {
    if (!memberId) return false;
    const known = this.smallTeams.get(memberId);
    if (known !== undefined) return known;
    const [row] = await this.base.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM (SELECT 1 FROM care_team_now WHERE user_id = $1 LIMIT ${LARGEST_TEAM + 1}) AS m`,
      [memberId],
    );
    const small = row!.n <= LARGEST_TEAM;
    this.smallTeams.set(memberId, small);
    return small;
  }
}

/** The rows that the index was right about, each with its leg; others are passed over. */
function standing(
  rows: readonly { patient: Patient; place: number }[],
  words: readonly TypedWord[],
  together: readonly number[],
): Hit[] {
  return rows.flatMap(({ patient, place }) => {
    const match = fitOf(words, patient);
    return match ? [{ patient, match, leg: together[place]!, id: patient.id }] : [];
  });
}

interface KeptPlace extends Place {
  version: number;
  mode: string;
}

function placeOf([version = '', mode = '', leg = '', id = '']: string[]): KeptPlace {
  return { version: Number(version), mode, leg: Number(leg), id: id === '' ? null : id };
}
