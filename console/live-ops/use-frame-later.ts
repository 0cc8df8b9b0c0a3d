import { useEffect, useState } from 'react';

/** `value` one animation frame after it has become another: for what may be painted after the rest. */
export function useFrameLater<T>(value: T): T {
  const [later, setLater] = useState(() => value);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setLater(() => value));
    return () => cancelAnimationFrame(frame);
  }, [value]);
  return later;
}
