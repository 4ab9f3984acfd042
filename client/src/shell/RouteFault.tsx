import { useRouter } from '@tanstack/react-router';
import { faultOfPage } from '../session/fault';
import { FaultNotice } from '../ui/FaultNotice';

/** Whatever a page throws while it draws: said plainly, with a way to try again. */
export function RouteFault({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  return (
    <FaultNotice
      error={faultOfPage(error)}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}
