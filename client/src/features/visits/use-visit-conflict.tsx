import { useApolloClient } from '@apollo/client/react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { VisitPartsFragment } from '../../gql/graphql';
import { faultOf } from '../../session/fault';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { merge } from '../../ui/merge';
import type { EditForm } from '../../ui/use-edit-form';
import { OneVisit } from './documents';
import { visitConflictRows } from './visit-conflict';
import { fromVisit, type VisitValues } from './visit-values';

/**
 * When somebody else was first: both versions beside one another.
 * @param rowsOf what of them the form writes
 * @returns `noticed` to be called with what saving threw, and the dialog to draw.
 */
export function useVisitConflict(visit: VisitPartsFragment, rowsOf = visitConflictRows) {
  const { t } = useTranslation();
  const client = useApolloClient();
  const [theirs, setTheirs] = useState<VisitPartsFragment | null>(null);

  const noticed = async (error: unknown) => {
    if (faultOf(error).code !== 'CONFLICT') return;
    const { data } = await client.query({ query: OneVisit, variables: { id: visit.id }, fetchPolicy: 'network-only' });
    setTheirs(data?.visit ?? null);
  };

  const dialog = (edit: EditForm<VisitValues>, name: string): ReactNode => {
    const current = edit.fault?.current;
    if (!theirs || !current) return null;
    const read = fromVisit(theirs);
    const adopt = (values: VisitValues) => {
      edit.rebase({ values: read, version: theirs.version }, values);
      setTheirs(null);
    };
    return (
      <ConflictDialog
        title={`${t('conflict.title')}: ${name}`}
        current={current}
        rows={rowsOf(edit.form.values, read, t)}
        onKeepMine={() => adopt(merge(edit.form.values, edit.base.values, read))}
        onTakeTheirs={() => adopt({ ...read, why: edit.form.values.why })}
        onClose={() => setTheirs(null)}
      />
    );
  };
  return { noticed, dialog };
}
