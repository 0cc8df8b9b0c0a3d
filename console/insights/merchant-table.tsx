import { useMemo } from 'react';
import type { Insights } from '@trancendos/contracts/archive';
import { useMessages } from '@trancendos/shell-api';
import { DataTable, formatCount, formatShare, type Column } from '@trancendos/ui';
import { INSIGHTS_MESSAGES } from './messages.ts';

type Merchant = Insights['merchants'][number];

/** Every merchant's rates; opening one shows the page for it alone. */
export function MerchantTable({
  merchants,
  onMerchant,
}: {
  readonly merchants: readonly Merchant[];
  readonly onMerchant: (id: string) => void;
}) {
  const text = useMessages(INSIGHTS_MESSAGES);
  const columns = useMemo((): readonly Column<Merchant>[] => {
    const rate = (id: 'approve' | 'review' | 'decline' | 'fraud', title: string): Column<Merchant> => ({
      id,
      title,
      align: 'end',
      cell: ({ totals }) => formatShare(totals[id], totals.decisions),
      sortBy: ({ totals }) => (totals.decisions === 0 ? 0 : totals[id] / totals.decisions),
    });
    return [
      { id: 'merchant', title: text.merchant, cell: ({ merchant_id }) => merchant_id, sortBy: ({ merchant_id }) => merchant_id },
      {
        id: 'decisions',
        title: text.decisions,
        align: 'end',
        cell: ({ totals }) => formatCount(totals.decisions),
        sortBy: ({ totals }) => totals.decisions,
      },
      rate('approve', text.approval),
      rate('review', text.review),
      rate('decline', text.decline),
      rate('fraud', text.fraud),
    ];
  }, [text]);
  return (
    <section className="insights-part">
      <h2>{text.merchants}</h2>
      <DataTable
        caption={text.merchants}
        columns={columns}
        rows={merchants}
        rowKey={({ merchant_id }) => merchant_id}
        onOpen={({ merchant_id }) => onMerchant(merchant_id)}
        initialSort={{ columnId: 'decisions', isDescending: true }}
      />
    </section>
  );
}
