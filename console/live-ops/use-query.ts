import { useEffect, useState } from 'react';

/** The filter as the address holds it (`?filter=`), so that a view can be passed on; going back in the history brings the filter back. */
export function useQuery(): [string, (query: string) => void] {
  const [query, setQuery] = useState(readQuery);
  useEffect(() => {
    const follow = () => setQuery(readQuery());
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, []);
  const change = (next: string) => {
    const address = new URL(location.href);
    if (next.trim() === '') address.searchParams.delete('filter');
    else address.searchParams.set('filter', next.trim());
    history.replaceState(null, '', address);
    setQuery(next);
  };
  return [query, change];
}

/** The filter that the address asks for. */
export function readQuery(): string {
  return new URLSearchParams(location.search).get('filter') ?? '';
}
