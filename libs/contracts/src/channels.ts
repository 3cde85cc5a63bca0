/** Redis channel on which `partners` names a key or partner (by its id) that gateways must look up anew. At least once. */
export const invalidationChannel = 'punchcard:invalidate';
