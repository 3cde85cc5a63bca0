import type { CardView } from '../cards/views.ts';

/**
 * Whether a member may read a card by its id without having used it: an active one always, since whoever knows the id of a hidden
 * one was told it; an expired one when everybody sees it (contract 4).
 */
export const isOpenToAll = ({ status, isVisibleByDefault }: Pick<CardView, 'status' | 'isVisibleByDefault'>): boolean =>
  status === 'active' || (status === 'expired' && isVisibleByDefault);
