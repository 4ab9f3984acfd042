import { createSpotlight } from '@mantine/spotlight';

/** The search over every page: its state, and the buttons that open and close it. */
export const [quickSearchStore, quickSearch] = createSpotlight();
