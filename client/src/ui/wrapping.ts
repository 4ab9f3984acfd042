/** For buttons whose words may take two lines on a small phone, in some language. */
export const wrapping = { h: 'auto', mih: 36, py: 6, styles: { label: { whiteSpace: 'normal' } } } as const;
