import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Deep teal: calm, and far from the red that is kept for clinical danger. */
const seal: MantineColorsTuple = [
  '#e6f6f7',
  '#d2eaec',
  '#a5d4d8',
  '#74bdc3',
  '#4caab1',
  '#319ea6',
  '#1a8a93',
  '#0b6e77',
  '#075c64',
  '#004950',
];

/** Greys with a breath of the brand's blue, so that cards, fields and lists of the dark theme belong together. */
const dark: MantineColorsTuple = [
  '#d5dde2',
  '#b9c5cc',
  '#93a2ab',
  '#66757e',
  '#3a454c',
  '#2c363c',
  '#20282c',
  '#1b2125',
  '#161c1f',
  '#111618',
];

/** Dialogs lie on the same surface as cards, with a title that reads as one. */
const dialog = {
  content: { background: 'var(--chartseal-surface)' },
  header: { background: 'var(--chartseal-surface)' },
  title: { fontWeight: 650, fontSize: '1.0625rem', lineHeight: 1.35, overflowWrap: 'anywhere' },
} as const;

/** A dialog's heading is no banner of the page, which has one of its own. */
const noBanner = { header: { role: 'presentation' } } as const;

export const theme = createTheme({
  colors: { seal, dark },
  primaryColor: 'seal',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.4' },
      h3: { fontSize: '1rem', lineHeight: '1.45' },
    },
  },
  components: {
    Paper: { defaultProps: { withBorder: true } },
    Modal: { defaultProps: { centered: true, attributes: noBanner }, styles: dialog },
    Drawer: { defaultProps: { attributes: noBanner }, styles: dialog },
    Badge: {
      defaultProps: { variant: 'light', radius: 'sm' },
      // Left alone a badge in a narrow column says "Ac…".
      styles: { root: { minWidth: 'fit-content' }, label: { textTransform: 'none' } },
    },
    SegmentedControl: { styles: { root: { maxWidth: '100%' } } },
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } },
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
});

/**
 * Mantine's greys miss WCAG AA for small text, and its error colour is red, which here means danger to a patient only:
 * both are set anew.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f8f9',
    '--mantine-color-default': '#ffffff',
    '--mantine-color-dimmed': '#51606b',
    '--mantine-color-placeholder': '#6b7780',
    '--mantine-color-error': '#9a4a00',
    '--mantine-color-anchor': '#0b6e77',
    '--mantine-color-orange-light': '#fff5ea',
    '--mantine-color-orange-light-color': '#9a4a00',
    '--mantine-color-blue-light': '#eef6fd',
    '--mantine-color-seal-light': '#e3f2f3',
    '--mantine-color-seal-light-hover': '#d3eaec',
    '--mantine-color-seal-light-color': '#075c64',
    '--chartseal-accent': '#0b6e77',
    '--chartseal-surface': '#ffffff',
    '--chartseal-line': '#dde3e7',
    '--chartseal-danger': '#b42318',
    '--chartseal-danger-bg': '#fdeceb',
  },
  dark: {
    '--mantine-color-body': '#14191c',
    '--mantine-color-default': '#1d2428',
    '--mantine-color-default-border': '#3a454c',
    '--mantine-color-dimmed': '#a9b6be',
    '--mantine-color-placeholder': '#8e9ba3',
    '--mantine-color-error': '#ffb46b',
    '--mantine-color-anchor': '#74bdc3',
    '--mantine-color-seal-light': '#12373b',
    '--mantine-color-seal-light-hover': '#184449',
    '--mantine-color-seal-light-color': '#a5d4d8',
    '--mantine-color-orange-light': '#33281c',
    '--mantine-color-orange-light-color': '#ffb46b',
    '--mantine-color-blue-light': '#16303f',
    '--mantine-color-blue-light-color': '#9fd0f5',
    '--mantine-color-gray-light': '#2c363c',
    '--chartseal-accent': '#319ea6',
    '--mantine-color-gray-light-color': '#d5dde2',
    '--chartseal-surface': '#1b2125',
    '--chartseal-line': '#323c42',
    '--chartseal-danger': '#ff9d94',
    '--chartseal-danger-bg': '#4a1714',
  },
});
