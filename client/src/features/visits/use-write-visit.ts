import { useMutation } from '@apollo/client/react';
import { useRef, useState } from 'react';
import { faultOf } from '../../session/fault';
import { ChangeVisit, WriteVisit } from './documents';
import { forgetVisits } from './forget-visits';
import { toCreateVisit, toUpdateVisit, type VisitValues } from './visit-values';

/** The version of a visit that nobody has changed since: what a colleague wrote there meanwhile is not written over. */
const AS_WRITTEN = 1;

/**
 * Writes one new visit, however often it is tried: an attempt whose answer was lost on the way may have been saved all the same.
 * What was typed since then goes into that visit; a second one is not made.
 */
export function useWriteVisit(patientId: string): (values: VisitValues) => Promise<void> {
  const [create] = useMutation(WriteVisit, { update: (cache) => forgetVisits(cache, patientId) });
  const [change] = useMutation(ChangeVisit);
  const [key] = useState(() => crypto.randomUUID());
  const tried = useRef<VisitValues[]>([]);
  const send = (values: VisitValues) => create({ variables: { input: toCreateVisit(values, patientId, key) } });

  /** The visit that was saved under this key, and what was sent for it: the same again only answers with it. */
  const saved = async () => {
    for (const sent of tried.current) {
      try {
        const { data } = await send(sent);
        if (data) return { id: data.createVisit.id, sent };
      } catch (error) {
        if (faultOf(error).code !== 'CONFLICT') throw error;
      }
    }
    return null;
  };

  return async (values) => {
    try {
      await send(values);
    } catch (error) {
      const earlier = faultOf(error).code === 'CONFLICT' ? await saved() : null;
      if (!earlier) {
        if (isOpenEnded(error)) tried.current.unshift(values);
        throw error;
      }
      const { id, sent } = earlier;
      await change({ variables: { input: { id, expectedVersion: AS_WRITTEN, ...toUpdateVisit(values, sent) } } });
    }
  };
}

/** No answer, or none of this server's making: whether anything was written is not known. */
function isOpenEnded(error: unknown): boolean {
  return ['OFFLINE', 'INTERNAL'].includes(faultOf(error).code);
}
