/** Lists that come page by page. */
import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";

interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** Loads the first page, and further ones on demand; `items` is all that was loaded so far. */
export function usePages<T, P extends Page<T>>(
  queryKey: QueryKey,
  load: (cursor: string | undefined) => Promise<P & Page<T>>,
  options: { enabled?: boolean; staleTime?: number; refetchInterval?: () => number } = {},
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    ...options,
  });
  const pages = query.data?.pages;
  return { ...query, first: pages?.[0], items: pages?.flatMap((page): T[] => page.items) };
}
