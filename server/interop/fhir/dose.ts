import { asNumber, asObject, asText, objectsOf, type Json } from './json';

const units: Readonly<Record<string, string>> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
  wk: 'week',
  mo: 'month',
  a: 'year',
};

/** Dosage instructions in words: their own, or composed of dose, frequency and need. Undefined when nothing is said. */
export function doseOf(instructions: unknown): string | undefined {
  return objectsOf(instructions).map(oneDose).filter(Boolean).join('; ') || undefined;
}

function oneDose(instruction: Json): string {
  const told = asText(instruction.text);
  if (told) return told;
  const quantity = asObject(objectsOf(instruction.doseAndRate)[0]?.doseQuantity);
  const amount = asNumber(quantity?.value);
  const dose = amount === null ? '' : `${amount} ${asText(quantity?.unit) ?? ''}`.trim();
  const need = instruction.asNeededBoolean === true || instruction.asNeededCodeableConcept ? 'when needed' : '';
  return [dose, frequencyOf(asObject(asObject(instruction.timing)?.repeat)), need].filter(Boolean).join(', ');
}

/** As in `3 times a day`, `every 8 hours`, `twice every 2 weeks`. */
function frequencyOf(repeat: Json | null): string {
  const frequency = asNumber(repeat?.frequency) ?? 1;
  const period = asNumber(repeat?.period);
  const unit = units[asText(repeat?.periodUnit) ?? ''];
  if (period === null || !unit) return '';
  const times = frequency === 1 ? 'once' : frequency === 2 ? 'twice' : `${frequency} times`;
  if (period === 1) return `${times} ${unit === 'hour' ? 'an' : 'a'} ${unit}`;
  return frequency === 1 ? `every ${period} ${unit}s` : `${times} every ${period} ${unit}s`;
}
