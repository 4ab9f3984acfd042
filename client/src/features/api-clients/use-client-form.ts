import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, type Fault } from '../../session/fault';
import { toInput, type ClientErrors, type ClientValues } from './client-values';
import type { Scope } from './scope-choice';

export interface ClientForm {
  values: ClientValues;
  errors: ClientErrors;
  fault: Fault | null;
  /** Changes some of the values; what was wrong with them is forgotten. */
  put: (changed: Partial<ClientValues>) => void;
  /** Sends what is right; otherwise says at its field what is wrong. */
  send: (by: (input: ReturnType<typeof toInput>['input']) => Promise<unknown>) => Promise<void>;
}

export function useClientForm(initial: ClientValues, known: readonly Scope[]): ClientForm {
  const { t } = useTranslation();
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<ClientErrors>({});
  const [fault, setFault] = useState<Fault | null>(null);
  return {
    values,
    errors,
    fault,
    put: (changed) => {
      setValues({ ...values, ...changed });
      if (changed.choice) setErrors({ ...errors, scopes: undefined });
    },
    send: async (by) => {
      const { input, errors: found } = toInput(values, known, t);
      setErrors(found);
      setFault(null);
      const [first] = Object.keys(found);
      // The button is far below what it complains of.
      if (first) return document.getElementById(`api-client-${first}`)?.focus();
      try {
        await by(input);
      } catch (error) {
        const failed = faultOf(error);
        setErrors(Object.fromEntries(failed.fields.map((field) => [field.path, field.message])));
        if (failed.fields.length === 0) setFault(failed);
      }
    },
  };
}
