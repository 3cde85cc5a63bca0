import { onCardChanged, onClubChanged, onTierChanged } from './on-catalog-changed.ts';
import { onMemberChanged } from './on-member-changed.ts';
import { onStaffChanged } from './on-staff-changed.ts';

/** Whose changes are copied here. */
export const copiesOf = [onClubChanged, onCardChanged, onTierChanged, onStaffChanged, onMemberChanged];
