/** On answers that show rows of partners to somebody else: whose, so that the call stands in their audit trails, too. */
export const SHOWN_PARTNERS_HEADER = 'punchcard-shown-partners';

/** Each partner once, however many rows of it are shown. */
export const formatShownPartners = (partnerIds: Iterable<string>): string => [...new Set(partnerIds)].join();

export const parseShownPartners = (header: string): string[] => (header === '' ? [] : header.split(','));
