import { runIn } from '../../server/crypto/access-scope';
import { systemContext } from '../../server/graphql/context';
import { Gender } from '../../server/patients';
import { openHospital, type OpenedHospital } from './opened-hospital';
import type { Inhabitant } from './population';

const AT_ONCE = 250;

/** What a search brings: those who fit as it was typed, and those who only sound alike. */
export interface Hits {
  fitting: Inhabitant[];
  sounding: Inhabitant[];
}

/**
 * People who are searched through the index and, beside it, in clear by a few lines that share nothing with it. Both must find
 * the same.
 */
export class Recall {
  private readonly byId = new Map<string, Inhabitant>();

  private constructor(
    readonly hospital: OpenedHospital,
    readonly people: readonly Inhabitant[],
  ) {}

  /** Registers them all; a tenth is of gender OTHER, the rest UNKNOWN. */
  static async open(people: readonly Inhabitant[]): Promise<Recall> {
    const recall = new Recall(await openHospital(), people);
    for (let from = 0; from < people.length; from += AT_ONCE) await recall.register(people.slice(from, from + AT_ONCE));
    return recall;
  }

  private async register(group: readonly Inhabitant[]): Promise<void> {
    const { services, dataSource } = this.hospital.runtime;
    const context = systemContext('test');
    const wanted = group.map(({ name, birthDate, phone, mrn, email, identifiers }, place) => {
      const gender = place % 10 === 0 ? Gender.OTHER : Gender.UNKNOWN;
      return { input: { name, birthDate, phone, mrn, email, identifiers: [...(identifiers ?? [])], gender } };
    });
    const made = await runIn(context, () =>
      dataSource.transaction((manager) => services.patients.registerAll(context, manager, wanted)),
    );
    made.forEach(({ id }, place) => this.byId.set(id, group[place]!));
  }

  /** Everybody a search finds, page by page; of those who only sound alike, the first page they are on. */
  async found(search: string): Promise<Hits> {
    const { patientList } = this.hospital.runtime.services;
    const hits: Hits = { fitting: [], sounding: [] };
    for (let after: string | undefined, more = true; more;) {
      const context = systemContext('test');
      const { edges, pageInfo } = await runIn(context, () => patientList.list(context, { search, first: 100, after }));
      for (const edge of edges) {
        const sounds = 'match' in edge && edge.match === 'SOUND';
        (sounds ? hits.sounding : hits.fitting).push(this.byId.get(edge.node.id)!);
      }
      more = pageInfo.hasNextPage && hits.sounding.length === 0; // those who sound alike come last
      after = pageInfo.endCursor ?? undefined;
    }
    return hits;
  }

  /** The same search in clear. */
  oracle(typed: string): Inhabitant[] {
    return this.people.filter((person) =>
      typed.split(/ |-(?!\d)/).every((word) => {
        if (/^\d{4}$/.test(word)) return person.birthDate.startsWith(word);
        if (/^\d{4}-\d{2}-\d{2}$/.test(word)) return person.birthDate === word;
        if (/\d/.test(word))
          return [person.mrn, person.phone, person.email, `ID-${person.mrn.slice(1)}`].includes(word);
        return wordsOf(person).some((known) => known.startsWith(plain(word)));
      }),
    );
  }

  /** Demands that the index finds exactly those that reading everything finds. */
  async demandSame(typed: string): Promise<void> {
    expect([typed, numbersOf((await this.found(typed)).fitting)]).toEqual([typed, numbersOf(this.oracle(typed))]);
  }

  /** The commonest value of each of these. */
  mostCommon<T extends ((person: Inhabitant) => string)[]>(...values: T): { [K in keyof T]: string } {
    return values.map((valueOf) => {
      const counts = new Map<string, number>();
      for (const person of this.people) counts.set(valueOf(person), (counts.get(valueOf(person)) ?? 0) + 1);
      return [...counts].sort(([, one], [, more]) => more - one)[0]![0];
    }) as { [K in keyof T]: string };
  }

  close(): Promise<void> {
    return this.hospital.close();
  }
}

/** Without accents, in small letters. */
export const plain = (text: string) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase(); // prettier-ignore

/** Every word a name is found by. */
export const wordsOf = ({ name }: Inhabitant) =>
  [name.family, ...name.given].flatMap((part) => [...plain(part).split('-'), plain(part).replaceAll('-', '')]);

export const numbersOf = (who: readonly Inhabitant[]) => who.map(({ mrn }) => mrn).sort();

/** Ways to look for somebody, as they are typed. */
export const searches: Record<string, (person: Inhabitant) => string> = {
  'family name': ({ name }) => name.family,
  'family name without accents, in capitals': ({ name }) => plain(name.family).toUpperCase(),
  'given name and family name': ({ name }) => `${name.given[0]} ${name.family}`,
  'family name and given name': ({ name }) => `${name.family} ${name.given[0]}`,
  'the first three letters of both': ({ name }) => `${name.family.slice(0, 3)} ${name.given[0]!.slice(0, 3)}`,
  'the first five letters': ({ name }) => name.family.slice(0, 5),
  'the first two letters of both': ({ name }) => `${name.family.slice(0, 2)} ${name.given[0]!.slice(0, 2)}`,
  'name and year': ({ name, birthDate }) => `${name.family.slice(0, 4)} ${birthDate.slice(0, 4)}`,
  'given name and birth date': ({ name, birthDate }) => `${name.given[0]} ${birthDate}`,
  'birth date': ({ birthDate }) => birthDate,
  'birth year': ({ birthDate }) => birthDate.slice(0, 4),
  'record number': ({ mrn }) => mrn,
  'phone': ({ phone }) => phone,
  'e-mail': ({ email }) => email,
}; // prettier-ignore
