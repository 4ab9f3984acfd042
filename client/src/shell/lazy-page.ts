import { lazyRouteComponent } from '@tanstack/react-router';
import { Fault } from '../session/fault';

/**
 * A page that is a bundle of its own, loaded when first visited. A bundle that is gone, since a new version was installed, is
 * met by the router: it loads the application anew, once. With no server to load it from, that would leave the browser's own
 * page for want of a network in place of all that is open here; so then the page fails, and can be tried again.
 */
export const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    try {
      return await load();
    } catch (error) {
      throw (await canLoadAnew()) ? error : new Fault('OFFLINE');
    }
  }, name);

async function canLoadAnew(): Promise<boolean> {
  try {
    const document = await fetch('/', { method: 'HEAD', headers: { accept: 'text/html' }, cache: 'no-store' });
    return document.ok;
  } catch {
    return false;
  }
}
