-- What was refused, for the operator's list and for the gauge; most partners have none.
create index owed_awards_refused on owed_awards (occurred_at, reference) where refused_as is not null;
