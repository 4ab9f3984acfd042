export { addDemoPatients, demoIsWanted, loadDemo, type OnProgress } from './demo/demo';
export type { DemoAccount } from './demo/staff';
export type { Hospital } from './hospital';
export { importFhir } from './fhir/import';
export type { Report } from './fhir/report';
