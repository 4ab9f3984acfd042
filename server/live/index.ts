export { Feeds } from './feeds';
export { LiveOperations } from './live-operations';
export { LiveResolver } from './live.resolver';
export { LiveSockets, socketLimits } from './live-sockets';
