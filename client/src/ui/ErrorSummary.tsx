import { Alert, Anchor, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldId } from './use-edit-form';

interface Props {
  errors: Record<string, ReactNode>;
  /** A new number takes the focus back here. */
  attempts: number;
}

/** All faults of a form in one place, first and focused, each a link to its field. */
export function ErrorSummary({ errors, attempts }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const faults = Object.entries(errors).filter(([, message]) => message);
  useEffect(() => {
    if (attempts > 0) box.current?.focus();
  }, [attempts]);
  if (attempts === 0 || faults.length === 0) return null;
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="orange"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('form.summary', { count: faults.length })}
    >
      <List size="sm" spacing={4}>
        {faults.map(([path, message]) => (
          <List.Item key={path}>
            <Anchor
              href={`#${fieldId(path)}`}
              size="sm"
              onClick={(event) => {
                event.preventDefault();
                jumpTo(path);
              }}
            >
              {labelOf(path) ? `${labelOf(path)}: ` : ''}
              {message}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** A fault may name a part (`address.city`) or the whole (`vitals`): the first field below it is meant then. */
function elementOf(path: string): HTMLElement | null {
  const id = fieldId(path);
  return document.getElementById(id) ?? document.querySelector<HTMLElement>(`[id^="${CSS.escape(id)}"]`);
}

function labelOf(path: string): string {
  const id = elementOf(path)?.id;
  return id ? (document.querySelector(`label[for="${CSS.escape(id)}"]`)?.firstChild?.textContent?.trim() ?? '') : '';
}

function jumpTo(path: string): void {
  const element = elementOf(path);
  element?.scrollIntoView({ block: 'center' });
  element?.focus();
}
