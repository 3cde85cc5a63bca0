/** What a thing is called in the names of tools (contract part 7): one, and many. */
const nouns: Readonly<Record<string, readonly [one: string, many: string]>> = {
  clubs: ['club', 'clubs'],
  cards: ['loyalty_card', 'loyalty_cards'],
  rewards: ['reward', 'rewards'],
  transactions: ['transaction', 'transactions'],
  stamp_cards: ['stamp_card', 'stamp_cards'],
  vouchers: ['voucher', 'vouchers'],
  voucher_batches: ['voucher_batch', 'voucher_batches'],
  tiers: ['tier', 'tiers'],
  tier: ['tier', 'tiers'],
  staff: ['staff_member', 'staff_members'],
  members: ['member', 'members'],
  partners: ['partner', 'partners'],
  agent_keys: ['agent_key', 'agent_keys'],
  networks: ['network', 'networks'],
  balance: ['balance', 'balances'],
  profile: ['profile', 'profiles'],
};

/** Admin keys are `agent.admin.keys`, a member's own `agent.member.keys`. */
const keysOf: Readonly<Record<string, readonly [one: string, many: string]>> = {
  admin: ['admin_key', 'admin_keys'],
  member: ['key', 'keys'],
};

/** Names apart from the rule. Null: no tool. */
const exceptions: Readonly<Record<string, string | null>> = {
  'agent.health': 'check_health',
  'agent.tools': null,
  'agent.mcp': null,
  'agent.docs': null,
  'agent.docs_json': null,
  'agent.join': null,
  'agent.join.page': null,
  'agent.transactions.purchase': 'record_purchase',
  'agent.transactions.redeem': 'redeem_reward',
  'agent.transactions.estimate': 'estimate_transaction',
  'agent.transactions.reverse': 'reverse_transaction',
  'agent.transactions.activate': 'activate_pending_points',
  'agent.transactions.batch': 'record_transaction_batch',
  'agent.transactions.receipt': 'get_transaction_receipt',
  'agent.ledger.verify': 'verify_ledger',
  'agent.holds.create': 'create_hold',
  'agent.holds.get': 'get_hold',
  'agent.holds.capture': 'capture_hold',
  'agent.holds.release': 'release_hold',
  'agent.members.balance': 'get_member_balance',
  'agent.members.stamp_cards': 'list_member_stamp_cards',
  'agent.stamp_cards.add_stamps': 'add_stamps',
  'agent.stamp_cards.redeem': 'redeem_stamp_reward',
  'agent.vouchers.validate': 'validate_voucher',
  'agent.vouchers.redeem': 'redeem_voucher',
  'agent.voucher_batches.codes': 'list_voucher_batch_codes',
  'agent.member.rewards.claim': 'claim_reward',
  'agent.member.keys.revoke': 'revoke_my_key',
  'agent.admin.permissions.get': 'get_partner_permissions',
  'agent.admin.permissions.update': 'update_partner_permissions',
  'agent.admin.analytics.overview': 'get_platform_overview',
  'agent.admin.agent_keys.rotate': 'rotate_agent_key',
  'agent.admin.agent_keys.revoke': 'revoke_agent_key',
  'agent.admin.member_keys.create': 'create_member_key',
};

const verbs: readonly string[] = ['list', 'get', 'create', 'update', 'delete'];

/**
 * The name of an endpoint's tool (contract part 7); null for what is no tool. Unique among the tools that one key can have.
 * @throws Error for an Agent API endpoint that neither the rule nor an exception names
 */
export function toolNameOf(endpointId: string): string | null {
  if (!endpointId.startsWith('agent.')) return null;
  const exception = exceptions[endpointId];
  if (exception !== undefined) return exception;
  const [verb = '', things = '', role = ''] = endpointId.split('.').slice(1).reverse();
  const noun = things === 'keys' ? keysOf[role] : nouns[things];
  if (!noun || !verbs.includes(verb)) throw new Error(`${endpointId} has no tool name`);
  return [verb, ...(role === 'member' ? ['my'] : []), noun[verb === 'list' ? 1 : 0]].join('_');
}
