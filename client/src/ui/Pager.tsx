import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface PageVariables {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

export interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor?: string | null;
  endCursor?: string | null;
}

export interface Pages {
  number: number;
  variables: PageVariables;
  next: (cursor: string) => void;
  previous: (cursor: string) => void;
}

/** Cursor paging: forwards from the last row seen, backwards from the first. Starts anew when `key` changes. */
export function usePages(size: number, key: string): Pages {
  const start = { key, number: 1, variables: { first: size } as PageVariables };
  const [page, setPage] = useState(start);
  const current = page.key === key ? page : start;
  return {
    number: current.number,
    variables: current.variables,
    next: (after) => setPage({ key, number: current.number + 1, variables: { first: size, after } }),
    previous: (before) =>
      setPage(current.number <= 2 ? start : { key, number: current.number - 1, variables: { last: size, before } }),
  };
}

export function Pager({ pageInfo, pages }: { pageInfo: PageInfo; pages: Pages }) {
  const { t } = useTranslation();
  const back = pages.number > 1;
  if (!back && !pageInfo.hasNextPage) return null;
  return (
    <Group justify="flex-end" mt="md" component="nav" aria-label={t('pager.label')}>
      <Text size="sm" c="dimmed" aria-live="polite">
        {t('pager.page', { number: pages.number })}
      </Text>
      <Button
        variant="default"
        size="sm"
        disabled={!back}
        leftSection={<IconChevronLeft size={16} aria-hidden />}
        onClick={() => pages.previous(pageInfo.startCursor ?? '')}
      >
        {t('pager.previous')}
      </Button>
      <Button
        variant="default"
        size="sm"
        disabled={!pageInfo.hasNextPage}
        rightSection={<IconChevronRight size={16} aria-hidden />}
        onClick={() => pages.next(pageInfo.endCursor ?? '')}
      >
        {t('pager.next')}
      </Button>
    </Group>
  );
}
