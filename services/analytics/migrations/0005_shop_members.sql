-- The first of a member's days at a shop: the customers of a shop as of a day, without reading what each of them did.
create table shop_members (
  partner_id uuid not null,
  club_id uuid not null,
  member_id uuid not null,
  first_day date not null,
  primary key (partner_id, club_id, member_id)
);
insert into shop_members (partner_id, club_id, member_id, first_day)
select partner_id, club_id, member_id, min(day)
from activity
group by partner_id, club_id, member_id;
