import type { EntityType } from '@trancendos/contracts/archive';
import { Link } from '@trancendos/shell-api';
import { entityHref } from './archive-path.ts';

/** Leads to the page of somebody that a payment is about. */
export function EntityLink({ type, id }: { readonly type: EntityType; readonly id: string }) {
  return (
    <Link className="archive-link" href={entityHref(type, id)} onClick={(event) => event.stopPropagation()}>
      {id}
    </Link>
  );
}
