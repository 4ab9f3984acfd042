import { Box } from '@mantine/core';
import encodeQR from 'qr';
import { useMemo } from 'react';

/** Empty squares around a QR code that readers need (ISO/IEC 18004, 9.1). */
const QUIET = 4;

/** A QR code drawn here, as SVG: what it says goes nowhere. Always dark on light, as readers expect, in any theme. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const squares = encodeQR(text, 'raw', { border: QUIET });
    const dark = squares.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { size: squares.length, path: dark.join('') };
  }, [text]);
  return (
    <Box w={200} h={200} bg="#fff" style={{ borderRadius: 8, overflow: 'hidden', flex: 'none' }}>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
        <path d={path} fill="#000" />
      </svg>
    </Box>
  );
}
