import type { LedgerCommand } from '@trancendos/contracts/ledger-command';

/** What a command travels under on its topic, so that commands about one account keep their order. */
export function accountOfCommand(command: LedgerCommand): string {
  switch (command.kind) {
    case 'open_account':
    case 'set_terms':
    case 'set_status':
      return command.account_id;
    case 'post':
    case 'hold':
    case 'exchange':
      return command.debit_account_id;
    case 'capture':
    case 'void':
      return command.hold_id;
    case 'reverse':
      return command.transfer_id;
    case 'linked': {
      const [first] = command.legs;
      return first
        ? accountOfCommand({ ...first, command_id: command.command_id, requested_by: command.requested_by })
        : command.command_id;
    }
  }
}
