import { AppError, isOpen, isPlanAtLeast, type Endpoint, type Feature, type KeyRecord } from '@punchcard/contracts';

export interface AccessSettings {
  isAgentApiOn: boolean;
  upgradeUrl: string;
}

/** What a key asks for. `partnerId` is the value of `X-Partner-ID`. */
export interface Asked {
  endpoint: Endpoint;
  record: KeyRecord;
  partnerId: string | undefined;
}

/** Whether a key may call an endpoint, checked in the order of the contract (1.3). Throws the first refusal. */
export function checkAccess(asked: Asked, settings: AccessSettings): void {
  checkOwner(asked.record);
  if (asked.endpoint.dialect === 'partner') checkPartnerDialect(asked);
  else checkAgentDialect(asked);
  checkGates(asked, settings);
}

function checkOwner({ partner }: KeyRecord): void {
  if (partner && partner.status !== 'active') {
    throw new AppError('AUTH_OWNER_INACTIVE', { details: { account: 'partner' } });
  }
}

function checkAgentDialect({ endpoint: { role, scopes = [] }, record }: Asked): void {
  if (role !== 'any' && role !== record.role) {
    throw new AppError('AUTH_WRONG_ROLE', { details: { key_role: record.role, required_role: role } });
  }
  if (scopes.length === 0 || record.scopes.includes('admin')) return;
  if (!scopes.some((scope) => record.scopes.includes(scope))) {
    throw new AppError('AUTH_INSUFFICIENT_SCOPE', {
      details: { required_scopes: scopes, key_scopes: record.scopes },
    });
  }
}

function checkPartnerDialect({ endpoint: { permission }, record, partnerId }: Asked): void {
  if (partnerId !== undefined && partnerId.toLowerCase() !== record.partner?.id) throw new AppError('PARTNER_MISMATCH');
  if (permission !== undefined && !record.permissions.includes(permission)) {
    throw new AppError('AUTH_INSUFFICIENT_SCOPE', {
      details: { required_permissions: [permission], reason: 'permission_missing' },
    });
  }
}

function checkGates(
  { endpoint: { dialect, feature, plan }, record: { partner } }: Asked,
  settings: AccessSettings,
): void {
  if (dialect === 'agent') checkAgentApi(settings);
  if (!partner) return;
  if (dialect === 'agent' && !isOpen(partner.gates, 'agent_api')) throw disabled('agent_api');
  const closed = featuresOf(feature).find((one) => !isOpen(partner.gates, one));
  if (closed !== undefined) throw disabled(closed);
  if (plan !== undefined && !isPlanAtLeast(partner.plan, plan)) {
    throw new AppError('PARTNER_TIER_REQUIRED', {
      details: { current_tier: partner.plan, required_tier: plan, upgrade_url: settings.upgradeUrl },
    });
  }
}

const featuresOf = (feature: Endpoint['feature']): readonly Feature[] =>
  feature === undefined ? [] : typeof feature === 'string' ? [feature] : feature;

/** The gate of the whole deployment; it closes what needs no key, too. */
export function checkAgentApi({ isAgentApiOn }: AccessSettings): void {
  if (!isAgentApiOn) throw disabled('agent_api');
}

const disabled = (feature: string) => new AppError('FEATURE_DISABLED', { details: { feature } });
