import { useMutation } from '@apollo/client/react';
import { Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { VisitPartsFragment } from '../../gql/graphql';
import { Fault, faultOf } from '../../session/fault';
import { useMay } from '../../session/use-session';
import { formatDateTime } from '../../ui/format';
import { FormFrame } from '../../ui/FormFrame';
import { FormSection } from '../../ui/FormSection';
import { notifyDone } from '../../ui/notify';
import { PageHeading } from '../../ui/PageHeading';
import { useEditForm } from '../../ui/use-edit-form';
import { usePatient } from '../patients/patient-context';
import { usePatientName } from '../patients/use-patient-name';
import { ChangeClosedVisit } from './documents';
import { LookAgain, usePlausible } from './use-plausible';
import { useVisitConflict } from './use-visit-conflict';
import { amendmentSchema, fromVisit, toUpdateVisit, type VisitValues } from './visit-values';
import { VisitFields } from './VisitForm';
import { VitalsFields } from './VitalsFields';

/** A closed visit: what is written stays readable beside what is to hold from now on. Nurses amend vital signs. */
export function AmendVisit({ visit, onDone }: { visit: VisitPartsFragment; onDone: () => void }) {
  const { t } = useTranslation();
  const mayWrite = useMay('VISIT_WRITE');
  const name = usePatientName(usePatient());
  const { check, dialog: doubts } = usePlausible(name);
  const { noticed, dialog } = useVisitConflict(visit);
  const [amend] = useMutation(ChangeClosedVisit);

  const edit = useEditForm<VisitValues>({
    draftKey: `amend ${visit.id}`,
    initial: fromVisit(visit),
    version: visit.version,
    schema: amendmentSchema,
    ignore: (error) => error instanceof LookAgain,
    submit: async (values, base) => {
      const changes = toUpdateVisit(values, base.values);
      if (Object.keys(changes).length === 0) {
        throw new Fault('BAD_USER_INPUT', { fields: [{ path: 'why', message: t('validation.nothingAmended') }] });
      }
      await check(values.vitals);
      const input = { id: visit.id, expectedVersion: base.version ?? 0, changes, reason: values.why.trim() };
      try {
        await amend({ variables: { input } });
      } catch (error) {
        await noticed(error);
        throw atItsField(error);
      }
      edit.release();
      notifyDone(t('visit.amended'));
      onDone();
    },
  });
  return (
    <>
      <PageHeading
        title={t('visit.amend')}
        note={`${formatDateTime(visit.startedAt)} · ${t(`visitType.${visit.type}`)}`}
      />
      <FormFrame edit={edit} label={t('visit.amend')} saveLabel={t('visit.saveAmendment')} onCancel={onDone}>
        {mayWrite ? (
          <VisitFields edit={edit} previous={edit.base.values} />
        ) : (
          <VitalsFields edit={edit} previous={edit.base.values.vitals} />
        )}
        <FormSection title={t('visit.amendWhy')}>
          <Textarea
            className="wide-field"
            label={t('visit.amendReason')}
            description={t('visit.amendWhyHint')}
            required
            autosize
            minRows={2}
            {...edit.field('why')}
          />
        </FormSection>
      </FormFrame>
      {doubts}
      {dialog(edit, name)}
    </>
  );
}

/** The server names fields as the mutation does, the form as it draws them. */
function atItsField(error: unknown): unknown {
  const fault = faultOf(error);
  if (fault.fields.length === 0) return error;
  const fields = fault.fields.map(({ path, message }) => ({
    path: path === 'reason' ? 'why' : path.replace(/^changes\./, ''),
    message,
  }));
  return new Fault(fault.code, { fields });
}
