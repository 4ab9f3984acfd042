export { addDemoPatients, demoIsWanted, loadDemo } from './demo/demo';
export { importFhir } from './fhir/import';
export type { Report } from './fhir/report';
