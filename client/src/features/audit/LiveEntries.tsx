import { useSubscription } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useDocumentVisibility } from '@mantine/hooks';
import { IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { AuditFilter } from '../../gql/graphql';
import { useMe } from '../../session/use-session';
import { formatNumber } from '../../ui/format';

export const EntriesAdded = graphql(`
  subscription EntriesAdded($filter: AuditFilter, $after: Int) {
    auditEntryAdded(filter: $filter, after: $after) {
      index
      action
      actor {
        id
      }
    }
  }
`);

interface Props {
  filter: AuditFilter;
  /** Place of the newest entry in the list; -1 when there is none. */
  newest: number;
  onShow: () => void;
}

/** Says how many entries came since the list was read, and shows them when asked. Rests while nobody looks at the page. */
export function LiveEntries({ filter, newest, onShow }: Props) {
  const { t } = useTranslation();
  const count = useAdded(filter, newest);
  return (
    <div role="status" aria-live="polite">
      {count > 0 ? (
        <Button
          fullWidth
          variant="light"
          size="sm"
          mb="xs"
          leftSection={<IconArrowUp size={16} aria-hidden />}
          onClick={onShow}
        >
          {t('audit.added', { count, shown: formatNumber(count) })}
        </Button>
      ) : null}
    </div>
  );
}

/** How many entries were sealed after this one. What one's own looks at the log leave is not counted: to show it leaves more. */
function useAdded(filter: AuditFilter, newest: number): number {
  const me = useMe();
  const hidden = useDocumentVisibility() === 'hidden';
  const key = JSON.stringify(filter);
  // Where the view began. It stays when the list is read anew: another place would be another view, and another entry.
  const [view, setView] = useState({ key, after: newest, last: newest, indexes: [] as number[] });
  if (view.key !== key) setView({ key, after: newest, last: newest, indexes: [] });
  useSubscription(EntriesAdded, {
    variables: { filter, after: view.after },
    fetchPolicy: 'no-cache',
    skip: hidden || view.key !== key,
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      const entry = data?.auditEntryAdded;
      if (!entry) return;
      const own = entry.action === 'view-log' && entry.actor.id === me?.id;
      // After a lost connection the view begins where it began: what came already is told again.
      setView((before) =>
        entry.index <= before.last
          ? before
          : {
              ...before,
              last: entry.index,
              indexes: own ? before.indexes : [...before.indexes, entry.index].slice(-1000),
            },
      );
    },
  });
  return view.indexes.filter((index) => index > newest).length;
}
