import dayjs from 'dayjs';

/** Moment in the reader's zone → what the server wants. */
export function toInstant(value: string): string | null {
  const at = new Date(value);
  return value && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}

/** What the server sent → the value of a MomentField. */
export function fromInstant(value: string | null | undefined): string {
  return value ? dayjs(value).format('YYYY-MM-DDTHH:mm') : '';
}
