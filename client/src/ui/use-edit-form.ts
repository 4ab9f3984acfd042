import { useForm, type FormErrors, type UseFormReturnType } from '@mantine/form';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ZodType } from 'zod';
import { faultOf, type Fault } from '../session/fault';
import { dropDraft, findDraft, keepDraft, type Base } from './drafts';
import { useLeaving, type Leaving } from './use-leaving';

interface Options<Values extends Record<string, unknown>> {
  /** Names the draft: one per form and record. */
  draftKey: string;
  initial: Values;
  /** Version of the record that `initial` was read from. */
  version?: number;
  /** Messages are keys below `validation`. */
  schema: ZodType;
  submit: (values: Values, base: Base<Values>) => Promise<void>;
  /** Errors that only mean: stay on the form. */
  ignore?: (error: unknown) => boolean;
}

export interface EditForm<Values extends Record<string, unknown>> {
  form: UseFormReturnType<Values>;
  saving: boolean;
  /** A fault that belongs to no field. */
  fault: Fault | null;
  /** Counts failed attempts, so that the error summary takes the focus each time. */
  attempts: number;
  restored: boolean;
  /** What was read when this was begun; a draft brings its own. */
  base: Base<Values>;
  /** Goes on from another version of the record. */
  rebase: (base: Base<Values>, values: Values) => void;
  /** Somebody is about to leave unsaved work: ask. */
  leaving: Leaving | null;
  discardDraft: () => void;
  save: () => void;
  /** Call before leaving on purpose: nothing asks, nothing is kept. */
  release: () => void;
  setFault: (fault: Fault | null) => void;
  /** The props every field needs: value, error and an id the error summary can jump to. */
  field: (path: string, options?: { type?: 'checkbox' }) => Record<string, unknown> & { id: string };
}

export const fieldId = (path: string) => `field-${path.replaceAll('.', '-')}`;

/** A form that checks with zod, shows the server's faults at its fields, guards unsaved work and survives a lost session. */
export function useEditForm<Values extends Record<string, unknown>>(options: Options<Values>): EditForm<Values> {
  const { t } = useTranslation();
  const [draft] = useState(() => findDraft<Values>(options.draftKey));
  const [base, setBase] = useState<Base<Values>>(draft?.base ?? { values: options.initial, version: options.version });
  const [restored, setRestored] = useState(draft !== null);
  const [saving, setSaving] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [attempts, setAttempts] = useState(0);
  const released = useRef(false);

  const form = useForm<Values>({
    initialValues: draft?.values ?? options.initial,
    validate: (values) => {
      const result = options.schema.safeParse(values);
      const errors: FormErrors = {};
      for (const issue of result.success ? [] : result.error.issues) {
        const key = issue.message as 'required';
        errors[issue.path.join('.')] ??= t(`validation.${key}`, { defaultValue: issue.message });
      }
      return errors;
    },
  });
  const dirty = restored || form.isDirty();

  useEffect(() => {
    if (dirty && !released.current) keepDraft(options.draftKey, form.values, base);
  }, [dirty, form.values, base, options.draftKey]);

  const release = () => {
    released.current = true;
    dropDraft(options.draftKey);
  };
  const leaving = useLeaving(() => dirty && !released.current, release);

  const send = async (values: Values) => {
    setSaving(true);
    setFault(null);
    release();
    try {
      await options.submit(values, base);
    } catch (error) {
      released.current = false;
      keepDraft(options.draftKey, values, base);
      if (options.ignore?.(error)) return;
      const failed = faultOf(error);
      if (failed.fields.length > 0) {
        form.setErrors(Object.fromEntries(failed.fields.map((one) => [one.path, one.message])));
      }
      setFault(failed);
      setAttempts((count) => count + 1);
    } finally {
      setSaving(false);
    }
  };

  return {
    form,
    saving,
    fault,
    attempts,
    restored,
    base,
    rebase: (next, values) => {
      setBase(next);
      form.setValues(values);
      setFault(null);
    },
    leaving,
    setFault,
    release,
    discardDraft: () => {
      dropDraft(options.draftKey);
      setBase({ values: options.initial, version: options.version });
      form.setValues(options.initial);
      form.resetDirty(options.initial);
      setRestored(false);
    },
    save: () => {
      if (saving) return;
      setFault(null);
      form.onSubmit(
        (values) => void send(values),
        () => setAttempts((count) => count + 1),
      )();
    },
    field: (path, extra) => ({ ...form.getInputProps(path, extra), id: fieldId(path) }),
  };
}
