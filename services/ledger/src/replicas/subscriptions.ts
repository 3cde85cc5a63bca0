import { onCardChanged } from './on-card-changed.ts';
import { onClubChanged } from './on-club-changed.ts';
import { onMemberChanged } from './on-member-changed.ts';
import { onPartnerChanged } from './on-partner-changed.ts';
import { onRewardChanged } from './on-reward-changed.ts';
import { onStaffChanged } from './on-staff-changed.ts';
import { onStampCardChanged } from './on-stamp-card-changed.ts';
import { onTierChanged } from './on-tier-changed.ts';

/** Whose changes are copied here. */
export const copiesOf = [
  onPartnerChanged,
  onClubChanged,
  onCardChanged,
  onRewardChanged,
  onTierChanged,
  onStampCardChanged,
  onMemberChanged,
  onStaffChanged,
];
