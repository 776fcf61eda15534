-- What is known of some calls only: parts of usage that have prices of their own, the multiplier, the rule for callers
-- who left, what the upstream charged. Null for a plain call, which costs nothing: partitions to come inherit the column.
alter table metering_usage add column details jsonb;
