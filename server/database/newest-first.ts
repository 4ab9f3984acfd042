import type { Page } from '../graphql/pagination';

/**
 * The rest of a statement over `t` that walks a page of a list by id, newest first: ids are made in the order of time.
 *
 * @param where SQL, with its `values`, which stay as they are
 */
export function newestFirst(where: string, values: readonly unknown[], page: Page): [string, unknown[]] {
  const bound = [...values];
  const [sign, way] = page.backward ? ['>', 'ASC'] : ['<', 'DESC'];
  const beyond = page.from ? `AND t.id ${sign} $${bound.push(page.from[0])}::uuid` : '';
  return [`WHERE ${where} ${beyond} ORDER BY t.id ${way} LIMIT $${bound.push(page.size + 1)}`, bound];
}
