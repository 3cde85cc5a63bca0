-- How far each consumer group's effects are in these tables, committed with them. The truth about a consumer's position:
-- emptied together with the copies, or restored from a backup with them, the topics are read again from there.
create table applied_offsets (
  consumer_group text not null,
  topic text not null,
  partition int not null,
  next_offset bigint not null,
  event_time timestamptz,
  primary key (consumer_group, topic, partition)
);
