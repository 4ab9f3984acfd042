export { Witness } from './witness';
export { witnessServer } from './witness-server';
export { WitnessState } from './witness-state';
