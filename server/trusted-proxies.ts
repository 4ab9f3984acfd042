import { BlockList, isIPv6 } from 'node:net';
import type { FastifyServerOptions } from 'fastify';
import type { TrustedProxies } from './config/config';

/** Where proxies stand that are known by their number alone: this machine, and networks nobody routes (RFC 1918, 4193, 3927). */
const nearby = new BlockList();
for (const [network, bits] of [['127.0.0.0', 8], ['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['169.254.0.0', 16]] as const) {
  nearby.addSubnet(network, bits, 'ipv4');
} // prettier-ignore
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  nearby.addSubnet(network, bits, 'ipv6');
}

/**
 * Whose X-Forwarded-* headers Fastify believes: those of the addresses named, or of so many proxies in a row at nearby
 * addresses. A count alone would believe whoever reaches the port from anywhere.
 */
export function trustOf(proxies: TrustedProxies): NonNullable<FastifyServerOptions['trustProxy']> {
  if (typeof proxies !== 'number') return [...proxies];
  return proxies > 0 ? (address: string, hop: number) => hop < proxies && isNearby(address) : false;
}

function isNearby(address: string): boolean {
  return nearby.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
