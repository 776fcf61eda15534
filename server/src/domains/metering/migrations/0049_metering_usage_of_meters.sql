-- Calls that used applications' meters, which are few among those of models: a period of such a meter is read without
-- looking at the others. Calls of models alone are not in it, and cost nothing more.

create index metering_usage_of_meters on metering_usage (organization_id, request_id)
where meter_ids is not null;
